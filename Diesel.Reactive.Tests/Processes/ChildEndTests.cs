namespace Diesel.Reactive.Tests;

/// <summary>Of children nothing is left: no process, no zombie, no descriptor, no memory.</summary>
[NonParallelizable]
public class ChildEndTests
{
    private static readonly int Many = Live.IsSoak ? 1000 : 60;
    private static readonly int Megabytes = Live.IsSoak ? 100 : 24;

    [Test]
    public void Disposing_one_kills_what_it_has_started()
    {
        using var live = new Live();
        var child = Shell(live, "sleep 1000 & echo $!; wait");
        var grandchild = live.Run(() => Line(child));
        Assert.That(Lives(grandchild));
        live.Await(child.DisposeAsync().AsTask());
        Gone(live, grandchild);
    }

    [Test]
    public void What_outlives_it_is_killed_when_it_is_disposed()
    {
        using var live = new Live();
        var child = Shell(live, "sleep 1000 & echo $!");
        var grandchild = live.Run(() => Line(child));
        live.Await(child.Exited);
        Assert.That(Lives(grandchild));
        child.Dispose();
        Gone(live, grandchild);
    }

    [Test]
    public void One_ends_with_its_hub()
    {
        using var live = new Live();
        var child = Shell(live, "echo $$; exec sleep 1000");
        var process = live.Run(() => Line(child));
        live.Hub.Dispose();
        using var other = new Live();
        Gone(other, process);
        other.Await(child.Exited);
    }

    [Test]
    public void One_that_has_ended_is_no_zombie_though_nobody_has_asked()
    {
        using var live = new Live();
        using var child = Shell(live, "exit 0");
        Gone(live, $"{child.Id}");
    }

    [Test]
    public void Many_are_started_and_killed_and_none_is_left()
    {
        using var live = new Live();
        var before = Descriptors();
        var children = live.Run(async () =>
        {
            var children = new List<ChildProcess>();
            for (var i = 0; i < Many; i++)
            {
                children.Add(await ChildProcess.Start("sh", ["-c", "sleep 1000 & echo $!; wait"], hub: live.Hub));
            }

            return children;
        });
        var grandchildren = children.Select(child => live.Run(() => Line(child))).ToArray();
        live.Await(Task.WhenAll(children.Select(static child => child.DisposeAsync().AsTask())));
        foreach (var process in grandchildren.Concat(children.Select(static child => $"{child.Id}")))
        {
            Gone(live, process);
        }

        live.Do(static () => { });
        Assert.That(Descriptors(), Is.LessThanOrEqualTo(before + 5));
    }

    [Test]
    public void A_slow_reader_slows_it_down_and_takes_no_memory()
    {
        using var live = new Live();
        using var child = Start(live, "head", ["-c", $"{Megabytes * 1024 * 1024}", "/dev/zero"]);
        var (read, most) = live.Run(async () =>
        {
            long read = 0, most = 0;
            var before = GC.GetTotalMemory(forceFullCollection: true);
            for (var nextLook = 0L; ; read += (await child.Connection.ReadSome()).Length)
            {
                if (read >= nextLook)
                {
                    nextLook += Megabytes * 1024 * 1024 / 8;
                    await live.Hub.Sleep(TimeSpan.FromMilliseconds(20));
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
                    Assert.That(child.HasExited && read < Megabytes * 512 * 1024, Is.False);
                }

                if (read == Megabytes * 1024 * 1024)
                {
                    return (read, most);
                }
            }
        });
        Assert.That(read, Is.EqualTo(Megabytes * 1024L * 1024));
        Assert.That(most, Is.LessThan(4 * 1024 * 1024));
    }

    [Test]
    public void Input_that_it_does_not_read_makes_the_writer_wait()
    {
        using var live = new Live();
        using var child = Shell(live, "sleep 0.3; cat > /dev/null; echo done");
        var (waited, line) = live.Run(async () =>
        {
            var sent = 0;
            var sending = live.Hub.Fork(async () =>
            {
                for (; sent < 64; sent++)
                {
                    await child.Connection.Send(new byte[64 * 1024]);
                }
            });
            await live.Hub.Sleep(TimeSpan.FromMilliseconds(100));
            var waited = sent < 64;
            await sending.Ended;
            child.Connection.OnCompleted();
            return (waited, await Line(child));
        });
        Assert.That((waited, line), Is.EqualTo((true, "done")));
    }

    private static ChildProcess Start(Live live, string program, IEnumerable<string> arguments) =>
        live.Await(ChildProcess.Start(program, arguments, hub: live.Hub));

    private static ChildProcess Shell(Live live, string script) => Start(live, "sh", ["-c", script]);

    private static async Task<string> Line(ChildProcess child) => (await child.Connection.Read(Framing.Until("\n"))).ToText().TrimEnd();

    private static bool Lives(string process) => Directory.Exists($"/proc/{process}");

    // A zombie is there, too. What has no parent any more is let go of by the system's first process, in its own time.
    private static void Gone(Live live, string process)
    {
        for (var look = 0; Lives(process) && !IsOrphanedZombie(process); look++)
        {
            Assert.That(look, Is.LessThan(1000), $"Process {process} is still there.");
            live.Await(live.Hub.Sleep(TimeSpan.FromMilliseconds(5)));
        }
    }

    private static bool IsOrphanedZombie(string process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" && fields[1] != $"{Environment.ProcessId}";
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;
}
