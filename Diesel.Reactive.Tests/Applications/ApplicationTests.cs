using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reactive;

namespace Diesel.Reactive.Tests;

public class ApplicationTests
{
    private static readonly IPEndPoint Local = new(IPAddress.Loopback, 0);

    [Test]
    public void Quickstart_of_nothing_ends_at_once() => Ends(static () => Application.Quickstart());

    [Test]
    public void Quickstart_runs_loops_of_every_kind_and_returns_when_all_have_ended()
    {
        var ran = new List<string>();
        Ends(() => Application.Quickstart(
            (Action)(() => ran.Add("action")),
            (Func<Task>)(async () =>
            {
                await Hub.Current!.Sleep();
                ran.Add("async");
            }),
            (Func<CancellationToken, Task>)(token =>
            {
                ran.Add($"token {token.CanBeCanceled}");
                return Task.CompletedTask;
            }),
            Observable.Range(1, 2).Do(n => ran.Add($"value {n}")),
            Observable.Return("reference").Do(ran.Add),
            new object[] { (Action)(() => ran.Add("inside a list")), new List<object> { (Action)(() => ran.Add("inside two")) } }));
        Assert.That(ran, Is.EquivalentTo(new[] { "action", "async", "token True", "value 1", "value 2", "reference", "inside a list", "inside two" }));
    }

    [TestCase(42, "Int32")]
    [TestCase("text", "String")]
    [TestCase(null, "null")]
    public void What_is_neither_service_nor_loop_is_refused(object? item, string kind) => Assert.That(
        () => Application.Quickstart(item!, (Action)(static () => { })),
        Throws.ArgumentException.With.Message.StartsWith(
            $"An application runs services and loops, and {kind} is neither. " +
            "Give an IService, an IObservable<T>, a Func<Task>, a Func<CancellationToken, Task> or an Action."));

    [Test]
    public void An_application_of_nothing_ends() => Ends(static () => Application.Quickstart(Array.Empty<object>()));

    [Test]
    public void Quickstop_ends_the_application_and_no_catch_can_swallow_it()
    {
        var wentOn = false;
        Ends(() => Application.Quickstart(new TcpService(Local, static c => c), (Action)(() =>
        {
            try
            {
                Application.Quickstop();
                wentOn = true;
            }
            catch (Exception)
            {
            }
        })));
        Assert.That(wentOn, Is.True);
    }

    [Test]
    public void Quickstop_of_another_thread_stops_the_application_of_the_default_hub()
    {
        Ends(() => Application.Quickstart(
            new TcpService(Local, static c => c),
            (Action)(static () => ThreadPool.QueueUserWorkItem(static _ => Application.Quickstop()))));
    }

    [Test]
    public void Quickstop_without_an_application_does_nothing() => Assert.That(Application.Quickstop, Throws.Nothing);

    [Test]
    public void Stopping_ends_loops_and_lets_services_drain()
    {
        using var live = new Live();
        var (application, cleaned) = (new Application(live.Hub), false);
        var service = new TcpService(Local, static c => c.UntilEol().Concat(Observable.Return("bye".ToBytes())));
        application.Add(service);
        application.Add(async () =>
        {
            try
            {
                await live.Hub.Sleep(TimeSpan.FromHours(1));
            }
            finally
            {
                cleaned = true;
            }
        });
        var running = Runs(application, live);
        using var peer = new RawPeer(service.EndPoint);
        Assert.That(peer.Sends("A\r\n").Reads(3), Is.EqualTo("A\r\n"));
        application.Stop();
        Assert.That(peer.ReadsToEnd(), Is.EqualTo(("bye", (SocketError?)null)));
        peer.Dispose();
        live.Await(running);
        Assert.That(cleaned, Is.True);
        Assert.That(() => new RawPeer(service.EndPoint), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public void A_port_in_use_is_thrown_by_Run_and_what_was_started_is_stopped()
    {
        using var live = new Live();
        using var taken = new RawPeer();
        var (application, first) = (new Application(live.Hub), new TcpService(Local, static c => c));
        application.Add(first);
        application.Add(new TcpService(new IPEndPoint(IPAddress.Loopback, taken.Port), static c => c));
        Assert.That(() => live.Await(Run(application)), Throws.InstanceOf<ConnectionException>().With.Message.EqualTo(
            $"Cannot listen at 127.0.0.1:{taken.Port}: the port is in use. Stop the program that has it, or choose another port (0 lets the system choose)."));

        // It stops in a turn of its hub.
        live.Do(static () => { });
        Assert.That(() => new RawPeer(first.EndPoint), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public void A_loop_that_fails_is_logged_and_the_others_go_on()
    {
        using var live = new Live();
        var (log, wentOn) = (new StringWriter(), false);
        var application = new Application(live.Hub) { Log = log };
        application.Add(static () => throw new FormatException("no number"));
        application.Add(async () =>
        {
            await live.Hub.Sleep();
            wentOn = true;
        });
        live.Await(Run(application));
        Assert.That(wentOn, Is.True);
        Assert.That(log.ToString(), Does.Match(@"^loop '[^']+': System\.FormatException: no number"));
    }

    [Test]
    public void Loops_and_services_can_be_added_while_it_runs()
    {
        using var live = new Live();
        var (application, service, ran) = (new Application(live.Hub), new TcpService(Local, static c => c), false);
        application.Add(() =>
        {
            application.Add(service);
            application.Add(() => { ran = true; });
        });
        var running = Runs(application, live);
        using (var peer = new RawPeer(service.EndPoint))
        {
            Assert.That(peer.Sends("A").Reads(1), Is.EqualTo("A"));
        }

        application.Stop();
        live.Await(running);
        Assert.That(ran, Is.True);
    }

    [Test]
    public void A_service_whose_stop_fails_does_not_keep_the_application()
    {
        using var live = new Live();
        var application = new Application(live.Hub);
        application.Add(new Stubborn());
        application.Add(application.Stop);
        live.Await(Run(application));
        Assert.That(live.Await(live.Errors.FirstAsync()).Exception.Message, Is.EqualTo("will not stop"));
    }

    [Test]
    public void An_application_runs_once()
    {
        using var live = new Live();
        var application = new Application(live.Hub);
        live.Await(Run(application));
        Assert.That(application.Run, Throws.InvalidOperationException.With.Message.EqualTo(
            "An application runs once, and one at a time on a hub. Add to the one that runs, or make a new one on a hub of its own."));
    }

    [Test]
    public void An_application_does_not_run_on_its_own_hub()
    {
        using var live = new Live();
        Assert.That(() => live.Do(new Application(live.Hub).Run), Throws.InvalidOperationException.With.Message.EqualTo(
            "Run would block the hub it runs on. Call it from the program's main thread."));
    }

    [TestCase("TERM")]
    [TestCase("INT")]
    [TestCase("QUIT")]
    public void A_signal_drains_and_ends_the_program(string signal)
    {
        using var child = new Child("application");
        var at = new IPEndPoint(IPAddress.Loopback, int.Parse(child.Line()!));
        using var peer = new RawPeer(at);
        Assert.That(peer.Sends("A\r\n").Reads(3), Is.EqualTo("A\r\n"));
        child.Signal(signal);
        Assert.That(peer.ReadsToEnd().Text, Is.EqualTo("bye\r\n"));
        peer.Dispose();
        Assert.That(child.Ends(), Is.EqualTo(("cleaned up\nended\n", 0)));
    }

    [TestCase("TERM", 143)]
    [TestCase("INT", 130)]
    [TestCase("QUIT", 131)]
    public void The_second_signal_ends_a_program_whose_hub_takes_no_turn(string signal, int code)
    {
        using var child = new Child("spinning", "ulimit -c 0");
        Assert.That(child.Line(), Is.EqualTo("spinning"));
        Assert.That(child.Signal(signal).Line(), Is.EqualTo($"SIG{signal}"));
        Assert.That(child.Signal(signal).Ends(), Is.EqualTo(($"SIG{signal}\n", code)));
    }

    [Test]
    public void A_signal_has_a_snapshot_written_when_it_is_asked_to()
    {
        using var live = new Live();
        var log = new StringWriter();
        var application = new Application(live.Hub) { Log = log, SnapshotsOnSignal = true };
        application.Add(new TcpService(Local, static c => c));
        var running = Runs(application, live);
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -USR1 {Environment.ProcessId}"]);
        Assert.That(log.ToString, Does.Match(@"turns, .*\n\nservices \(1\)\n  TCP service at 127\.0\.0\.1:\d+; 0 open").After((int)Live.Patience.TotalMilliseconds, 10));
        application.Stop();
        live.Await(running);
    }

    [Test]
    public void An_application_ends_with_its_hub()
    {
        using var live = new Live();
        var application = new Application(live.Hub);
        application.Add(new TcpService(Local, static c => c));
        var running = Runs(application, live);
        live.Hub.Dispose();
        live.Await(running);
    }

    [Test]
    public void An_application_of_a_disposed_hub_ends()
    {
        using var live = new Live();
        live.Hub.Dispose();
        live.Await(Run(new Application(live.Hub)));
    }

    [TestCase(HubErrorKind.Network, "")]
    [TestCase(HubErrorKind.Peer, "a peer: ProtocolException: no such command\n")]
    public void What_a_peer_does_wrong_is_a_line_at_a_level_of_its_own(HubErrorKind level, string written)
    {
        using var live = new Live();
        var log = new StringWriter();
        var application = new Application(live.Hub) { Log = log, LogLevel = level };
        application.Add(() => live.Hub.Report(Thrown(new ProtocolException("no such command")), "a peer"));
        live.Await(Run(application));
        Assert.That(log.ToString(), Is.EqualTo(written));
    }

    [Test]
    public void A_log_that_nobody_reads_holds_up_neither_the_hub_nor_the_end()
    {
        using var live = new Live();
        using var log = new StuckWriter();
        var application = new Application(live.Hub) { Log = log };
        application.Add(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                live.Hub.Report(new FormatException(), "test");
            }
        });
        live.Await(Task.Run(application.Run));
        Assert.That(log.IsStuck, Is.True);
    }

    private static Exception Thrown(Exception error)
    {
        try
        {
            throw error;
        }
        catch (Exception thrown)
        {
            return thrown;
        }
    }

    private static Task Run(Application application)
    {
        application.Log = application.Log is StringWriter ? application.Log : null;
        return Task.Run(application.Run);
    }

    private static void Ends(Action program) => Assert.That(Task.Run(program).Wait(Live.Patience), Is.True, "The application did not end.");

    // Its services listen and its other loops have begun when this returns.
    private static Task Runs(Application application, Live live)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        application.Add(begun.SetResult);
        var running = Run(application);
        live.Await(begun.Task);
        return running;
    }

    private sealed class StuckWriter : StringWriter
    {
        private readonly ManualResetEventSlim _freed = new();

        public bool IsStuck { get; private set; }

        public override void WriteLine(object? value)
        {
            IsStuck = true;
            _freed.Wait();
        }

        protected override void Dispose(bool disposing)
        {
            _freed.Set();
            base.Dispose(disposing);
        }
    }

    private sealed class Stubborn : IService
    {
        public void Start(Hub? hub = null)
        {
        }

        public Awaitable<Unit> Stop() => throw new NotSupportedException("will not stop");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
