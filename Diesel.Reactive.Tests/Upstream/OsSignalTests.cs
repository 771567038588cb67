using System.Runtime.InteropServices;

namespace Diesel.Reactive.Tests;

/// <summary>What diesel's <c>test_os_signals</c> asks for; there, a second signal soon after the first killed the process.</summary>
[NonParallelizable]
public partial class OsSignalTests
{
    private Live _live = null!;

    [SetUp]
    public void Begin() => _live = new Live();

    [TearDown]
    public void End() => _live.Dispose();

    [Test]
    public void A_loop_waits_for_a_signal()
    {
        var came = Waits();
        Send(OsSignals.User1);
        Assert.That(_live.Await(came), Is.EqualTo(OsSignals.User1));
    }

    [Test]
    public void All_who_wait_are_woken()
    {
        var all = Enumerable.Range(0, 5).Select(_ => Waits()).ToArray();
        Send(OsSignals.User1);
        Assert.That(_live.Await(Task.WhenAll(all)), Has.Length.EqualTo(5));
    }

    [Test]
    public void A_handler_of_somebody_elses_runs_as_well()
    {
        var theirs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = PosixSignalRegistration.Create(OsSignals.User1, _ => theirs.TrySetResult());
        var ours = Waits();
        Send(OsSignals.User1);
        _live.Await(Task.WhenAll(theirs.Task, ours));
    }

    [Test]
    public void A_signal_that_comes_while_the_hub_is_busy_is_told_afterwards()
    {
        var came = Waits();
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = PosixSignalRegistration.Create(OsSignals.User1, _ => seen.TrySetResult());
        _live.Do(() =>
        {
            Send(OsSignals.User1);
            while (!seen.Task.IsCompleted)
            {
                Thread.Yield();
            }

            Assert.That(came.IsCompleted, Is.False);
        });
        _live.Await(came);
    }

    [Test]
    public void A_latched_signal_remembers_while_nobody_waits()
    {
        using var signal = new LatchedSignal(OsSignals.User1, _live.Hub);
        Send(OsSignals.User1);
        _live.Await(signal.Wait());
        Assert.That(signal.IsSet);
        _live.Await(signal.Wait(TimeSpan.Zero));
    }

    [Test]
    public void A_latched_signal_is_rearmed_again_and_again()
    {
        using var signal = new LatchedSignal(OsSignals.User1, _live.Hub);
        for (var i = 0; i < 5; i++)
        {
            Send(OsSignals.User1);
            _live.Await(signal.Wait());
            signal.Rearm();
            Assert.That(() => _live.Await(signal.Wait(TimeSpan.Zero)), Throws.InstanceOf<TimeoutException>());
        }
    }

    [Test]
    public void Signals_between_two_waits_are_lost_and_kill_nobody()
    {
        for (var i = 0; i < 3; i++)
        {
            var came = Waits();
            Send(OsSignals.User2);
            Send(OsSignals.User1);
            _live.Await(came);
            Send(OsSignals.User1);
        }
    }

    [Test]
    public void A_signal_is_observed_each_time()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hangups = OsSignals.On(PosixSignal.SIGHUP, _live.Hub).Take(2).Subscribe(_ => { }, told.SetResult);
        var first = OsSignals.Next(PosixSignal.SIGHUP, _live.Hub).AsTask();
        Send(PosixSignal.SIGHUP);
        _live.Await(first);
        Send(PosixSignal.SIGHUP);
        _live.Await(told.Task);
    }

    [Test]
    public void Those_who_wait_are_told_when_their_hub_ends()
    {
        var came = Waits();
        _live.Hub.Dispose();
        Assert.That(() => _live.Await(came), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_latched_signal_whose_hub_ends_is_nobodys_failure()
    {
        using var signal = new LatchedSignal(OsSignals.User1, _live.Hub);
        var waits = signal.Wait().AsTask();
        var errors = new List<HubError>();
        using var hearing = _live.Errors.Subscribe(errors.Add);
        _live.Hub.Dispose();
        Assert.That(() => _live.Await(waits), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(errors, Is.Empty);
    }

    [Test]
    public void What_is_no_signal_is_refused() =>
        Assert.That(() => OsSignals.On((PosixSignal)4711), Throws.InstanceOf<ArgumentOutOfRangeException>().Or.InstanceOf<PlatformNotSupportedException>().Or.InstanceOf<IOException>());

    // Observed before this returns, and the second of the two signals that are sent.
    private Task<PosixSignal> Waits()
    {
        _ = OsSignals.On(OsSignals.User2);
        return _live.Do(() => OsSignals.Next(OsSignals.User1, _live.Hub).AsTask());
    }

    private static void Send(PosixSignal signal) => Assert.That(Kill(Environment.ProcessId, signal == PosixSignal.SIGHUP ? 1 : (int)signal), Is.Zero);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
