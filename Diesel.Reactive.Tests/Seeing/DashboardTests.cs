using System.Reactive.Subjects;
using Diesel.Reactive.Dashboard;
using Diesel.Reactive.Dashboard.Drawing;
using Spectre.Console;

namespace Diesel.Reactive.Tests;

/// <summary>A hub in the terminal.</summary>
public class DashboardTests
{
    [TestCase(0, "0")]
    [TestCase(999.4, "999")]
    [TestCase(999.6, "1.00 k")]
    [TestCase(12_345, "12.3 k")]
    [TestCase(123_456, "123 k")]
    [TestCase(9_996_000, "10.0 M")]
    [TestCase(2.5e15, "2500 T")]
    public void Numbers_have_about_three_digits(double number, string shown) => Assert.That(DashboardText.Short(number), Is.EqualTo(shown));

    [TestCase("name", 10, "name")]
    [TestCase("a long name", 6, "a lon…")]
    [TestCase("\u001b[2Jgone\u009b", 20, "?[2Jgone?")]
    public void What_a_peer_has_sent_does_not_move_the_cursor(string text, int width, string shown) => Assert.That(DashboardText.Fit(text, width), Is.EqualTo(shown));

    [TestCase("5 5", 4, "2 2")]
    [TestCase("1 9 9", 8, "1 4 3")]
    [TestCase("2 2", 9, "2 2")]
    [TestCase("2", -3, "0")]
    public void Lines_are_dealt_out(string wanted, int lines, string given) =>
        Assert.That(string.Join(' ', DashboardView.Shares([.. wanted.Split(' ').Select(int.Parse)], lines)), Is.EqualTo(given));

    [TestCase(80, 24)]
    [TestCase(50, 10)]
    [TestCase(160, 50)]
    public void A_picture_is_no_larger_than_its_terminal(int width, int height)
    {
        using var live = new Live();
        var lines = Drawn(View(live, 60) with { Errors = 3, LastError = new string('x', 500), Progress = [new("seeds", 300, 1000), new("soak", 5)] }, width, height);
        Assert.That(lines, Has.Length.LessThan(height));
        Assert.That(lines.Select(static line => line.TrimEnd().Length), Is.All.LessThanOrEqualTo(width));
        Assert.That(lines, Has.Some.StartsWith("connections (120)").And.Some.StartsWith("services (1)").And.Some.Match("^and [0-9]+ more").And.Some.Contains("seeds 300 of 1.00 k (30 %)").And.Some.StartsWith("3 errors"));
    }

    [Test]
    public void Rates_are_of_what_came_between_two_looks()
    {
        using var live = new Live();
        var service = live.Starts(new TcpService(0, static connection => connection));
        using var client = live.Await(Tcp.Connect("127.0.0.1", service.Port, hub: live.Hub));
        var first = DashboardNumbers.Of(live.Await(live.Hub.Snapshot()), null);
        Assert.That((first.In, first.Turns), Is.EqualTo((0.0, 0.0)), "Of one look nobody knows.");
        live.Run(async () =>
        {
            client.OnNext(new byte[5000]);
            await client.Read(Framing.Bytes(5000));
        });
        var second = DashboardNumbers.Of(live.Await(live.Hub.Snapshot()), first);
        var seconds = (second.Now.Age - first.Now.Age).TotalSeconds;
        Assert.That((second.In * seconds, second.Out * seconds), Is.EqualTo((10_000.0, 10_000.0)).Using<(double, double)>(static (a, b) => Math.Abs(a.Item1 - b.Item1) < 1 && Math.Abs(a.Item2 - b.Item2) < 1));
        Assert.That(second.Turns, Is.GreaterThan(0));
    }

    [Test]
    public void Without_a_terminal_there_is_a_line_now_and_then()
    {
        using var live = new Live();
        live.Starts(new TcpService(0, static connection => connection));
        using var progress = new ReplaySubject<DashboardProgress>();
        progress.OnNext(new("seeds", 5, 10));
        var said = new Lines();
        using (live.Hub.Dashboard(new() { Console = Console(said), EveryLine = TimeSpan.FromMilliseconds(20), Progress = progress }))
        {
            said.Until(static lines => lines.Count(static line => line.Contains("turns/s", StringComparison.Ordinal)) > 2);
            live.Hub.Post(static _ => throw new FormatException("wrong"));
            said.Until(static lines => lines[^1].Contains("1 errors (", StringComparison.Ordinal));
            Assert.That(said.Last, Does.Contain(": 0 connections, ").And.Contain("seeds 5 of 10 (50 %)").And.Not.Contain("\u001b"));
        }

        var before = said.Count;
        Assert.That(live.Await(live.Hub.Snapshot()), Is.Not.Null);
        Assert.That(said.Count, Is.EqualTo(before), "It was disposed.");
    }

    [Test]
    public void A_hub_that_is_held_up_is_shown_as_such()
    {
        using var live = new Live();
        using var held = new ManualResetEventSlim();
        var said = new Lines();
        using var dashboard = live.Hub.Dashboard(new() { Console = Console(said), EveryLine = TimeSpan.FromMilliseconds(20) });
        said.Until(static lines => lines.Length > 0);
        live.Hub.Post(_ => SpinWait.SpinUntil(() => held.IsSet));
        said.Until(static lines => lines[^1].Contains("no turn for", StringComparison.Ordinal));
        held.Set();
        said.Until(static lines => !lines[^1].Contains("no turn for", StringComparison.Ordinal));
    }

    [Test]
    public void It_ends_with_the_hub()
    {
        var said = new Lines();
        var live = new Live();
        var run = Task.Run(() => new DashboardRun(live.Hub, new() { EveryLine = TimeSpan.FromMilliseconds(20) }, Console(said)).Show(CancellationToken.None));
        said.Until(static lines => lines.Length > 0);
        live.Dispose();
        Assert.That(run.Wait(Live.Patience));
    }

    private static DashboardView View(Live live, int connections)
    {
        var service = live.Starts(new TcpService(0, static connection => connection));
        for (var i = 0; i < connections; i++)
        {
            live.Await(Tcp.Connect("127.0.0.1", service.Port, hub: live.Hub));
        }

        while (live.Await(live.Hub.Snapshot()).ConnectionCount < 2 * connections)
        {
        }

        return new(DashboardNumbers.Of(live.Await(live.Hub.Snapshot()), null));
    }

    private static string[] Drawn(DashboardView view, int width, int height)
    {
        var said = new Lines();
        var console = Console(said);
        (console.Profile.Width, console.Profile.Height) = (width, height);
        console.Write(view.ToPicture(width, height));
        return said.All;
    }

    private static IAnsiConsole Console(TextWriter to) => AnsiConsole.Create(
        new() { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(to) });

    // What was written, by whichever thread.
    private sealed class Lines : StringWriter
    {
        private readonly Lock _gate = new();

        public string[] All
        {
            get
            {
                lock (_gate)
                {
                    return ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
                }
            }
        }

        public int Count => All.Length;

        public string Last => All[^1];

        public override void Write(char[] buffer, int index, int count)
        {
            lock (_gate)
            {
                base.Write(buffer, index, count);
            }
        }

        public override void Write(string? value)
        {
            lock (_gate)
            {
                base.Write(value);
            }
        }

        public override void WriteLine(string? value)
        {
            lock (_gate)
            {
                base.WriteLine(value);
            }
        }

        public void Until(Func<string[], bool> isSo) => Assert.That(() => isSo(All), Is.True.After((int)Live.Patience.TotalMilliseconds, 5));
    }
}
