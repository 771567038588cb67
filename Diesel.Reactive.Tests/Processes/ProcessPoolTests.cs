namespace Diesel.Reactive.Tests;

/// <summary>Work for other processes: what it gives, and what goes wrong, told apart.</summary>
public class ProcessPoolTests
{
    private static readonly string[] Worker = ["exec", typeof(Child).Assembly.Location, "worker"];

    [Test]
    public void A_call_gives_what_the_work_returns()
    {
        using var live = new Live();
        using var pool = Pool(live);
        Assert.That(live.Await(pool.Call("upper hello")), Is.EqualTo("HELLO"));
        Assert.That(live.Await(pool.Call(new byte[1_000_000])).Length, Is.EqualTo(1_000_000));
    }

    [Test]
    public void A_process_works_on_one_call_after_the_other()
    {
        using var live = new Live();
        using var pool = Pool(live, new() { Max = 1, AcquireTimeout = Timeout.InfiniteTimeSpan });
        var replies = live.Await(Observable.Merge(Enumerable.Range(0, 20).Select(n => pool.Call($"upper a{n}"))).ToList());
        Assert.That(replies, Is.EquivalentTo(Enumerable.Range(0, 20).Select(static n => $"A{n}")));
        Assert.That(live.Await(Observable.Merge(pool.Call("pid"), pool.Call("pid"), pool.Call("pid")).Distinct().Count()), Is.EqualTo(1));
    }

    [Test]
    public void What_the_work_throws_is_told_and_its_process_works_on()
    {
        using var live = new Live();
        using var pool = Pool(live, new() { Max = 1 });
        var before = live.Await(pool.Call("pid"));
        var error = Assert.Throws<RemoteException>(() => live.Await(pool.Call("throw no number")))!;
        Assert.That((error.RemoteType, error.RemoteMessage, error.Message), Is.EqualTo(("System.FormatException", "no number", "System.FormatException: no number")));
        Assert.That(error.RemoteStackTrace, Does.Contain(nameof(WorkerProgram)));
        Assert.That(live.Await(pool.Call("pid")), Is.EqualTo(before));
    }

    [Test]
    public void A_process_that_ends_under_a_call_has_crashed_and_the_next_call_has_another()
    {
        using var live = new Live();
        using var pool = Pool(live, new() { Max = 1 });
        var before = live.Await(pool.Call("pid"));
        var error = Assert.Throws<ProcessCrashedException>(() => live.Await(pool.Call("exit 7")))!;
        Assert.That((error.Exit, error.Errors[^1]), Is.EqualTo((new ChildExit(7), "ends with 7")));
        Assert.That(error.Message, Does.EndWith("has ended with code 7 in the middle of a call; it said: ends with 7"));
        Assert.That(live.Await(pool.Call("pid")), Is.Not.EqualTo(before));
    }

    [Test]
    public void A_process_that_ends_between_two_calls_is_not_used_again()
    {
        using var live = new Live();
        using var pool = Pool(live, new() { Max = 1 });
        var before = live.Await(pool.Call("pid"));
        System.Diagnostics.Process.GetProcessById(int.Parse(before, System.Globalization.CultureInfo.InvariantCulture)).Kill();
        live.Await(Observable.Interval(TimeSpan.FromMilliseconds(5), live.Hub).FirstAsync(_ => pool.Counts.Idle == 0));
        Assert.That(live.Await(pool.Call("pid")), Is.Not.EqualTo(before));
    }

    [Test]
    public void What_prints_what_is_no_reply_has_crashed()
    {
        using var live = new Live();
        using var pool = new ProcessPool("sh", ["-c", "head -c 4 > /dev/null; printf '\\0\\0\\0\\5\\0\\0\\0\\11\\1'; sleep 100"], hub: live.Hub);
        var error = Assert.Throws<ProcessCrashedException>(() => live.Await(pool.Call("x")))!;
        Assert.That((error.Exit, error.InnerException), Is.EqualTo(((ChildExit?)null, error.InnerException)));
        Assert.That(error.InnerException, Is.InstanceOf<ProtocolException>());
    }

    [Test]
    public void A_reply_over_the_limit_is_a_crash()
    {
        using var live = new Live();
        using var pool = Pool(live, new() { MaxReply = 1000 });
        Assert.That(
            () => live.Await(pool.Call(new byte[1001])),
            Throws.InstanceOf<ProcessCrashedException>().With.InnerException.InstanceOf<FrameTooLongException>());
    }

    [Test]
    public void A_program_that_cannot_be_started_did_not_begin_the_work()
    {
        using var live = new Live();
        using var pool = new ProcessPool("no-such-program", hub: live.Hub);
        Assert.That(
            () => live.Await(pool.Call("x")),
            Throws.InstanceOf<ProcessNotStartedException>().With.InnerException.InstanceOf<FileNotFoundException>());
    }

    [Test]
    public void Processes_that_are_all_busy_are_told_apart_from_ones_that_crash()
    {
        using var live = new Live();
        using var pool = Pool(live, new() { Max = 1, MaxWaiting = 1, AcquireTimeout = TimeSpan.FromSeconds(20) });
        live.Await(pool.Call("pid"));
        using var busy = pool.Call("wait").Subscribe(static _ => { }, static _ => { });
        var waiting = pool.Call("pid").AsTask();
        Assert.That(() => live.Await(pool.Call("pid")), Throws.InstanceOf<PoolExhaustedException>());
        busy.Dispose();
        live.Await(waiting);
    }

    [Test]
    public void A_call_that_finds_no_free_process_in_time_says_so()
    {
        using var live = new Live();
        using var pool = Pool(live, new() { Max = 1, AcquireTimeout = TimeSpan.FromSeconds(0.2) });
        live.Await(pool.Call("pid"));
        using var busy = pool.Call("wait").Subscribe(static _ => { }, static _ => { });
        Assert.That(() => live.Await(pool.Call("pid")), Throws.InstanceOf<PoolTimeoutException>());
    }

    [Test]
    public void Work_that_nobody_waits_for_any_more_is_killed()
    {
        using var live = new Live();
        using var pool = Pool(live, new() { Max = 1 });
        var before = live.Await(pool.Call("pid"));
        Assert.That(() => live.Await(pool.Call("wait").Timeout(TimeSpan.FromMilliseconds(100))), Throws.InstanceOf<TimeoutException>());
        Assert.That(live.Await(pool.Call("pid")), Is.Not.EqualTo(before));
    }

    [Test]
    public void What_the_work_prints_is_no_part_of_its_reply()
    {
        using var live = new Live();
        using var pool = Pool(live);
        Assert.That(live.Await(pool.Call("print and upper a")), Is.EqualTo("A"));
    }

    private static ProcessPool Pool(Live live, ProcessPoolOptions? options = null) => new(Environment.ProcessPath!, Worker, options, live.Hub);
}
