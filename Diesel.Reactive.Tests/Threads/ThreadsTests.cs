using System.Diagnostics;

namespace Diesel.Reactive.Tests;

/// <summary>Several threads do random things to one hub at once, and end it. Afterwards every wait has come out, and nothing is left.</summary>
public class ThreadsTests
{
    private const int Threads = 3;

    private static readonly Type[] Defects =
        [typeof(NullReferenceException), typeof(InvalidCastException), typeof(IndexOutOfRangeException), typeof(KeyNotFoundException), typeof(AggregateException)];

    private static TimeSpan Length => TimeSpan.FromSeconds(Live.IsSoak ? 20 : 1);

    [Test]
    public void No_wait_is_lost_and_nothing_is_left([Values(HubKind.Epoll, HubKind.Portable, HubKind.Scheduler)] HubKind kind)
    {
        var unobserved = 0;
        void Count(object? sender, UnobservedTaskExceptionEventArgs e) => Interlocked.Increment(ref unobserved);
        TaskScheduler.UnobservedTaskException += Count;
        try
        {
            Round(kind, 0);
            var files = OpenFiles();
            var began = Stopwatch.GetTimestamp();
            for (var seed = 1; Stopwatch.GetElapsedTime(began) < Length; seed++)
            {
                Round(kind, seed);
            }

            Collect();
            Assert.That(unobserved, Is.Zero);
            Assert.That(OpenFiles, Is.LessThanOrEqualTo(files).After((int)Live.Patience.TotalMilliseconds, 100));
            Assert.That(HubThreads, Is.Zero.After((int)Live.Patience.TotalMilliseconds, 20));
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Count;
        }
    }

    private static void Round(HubKind kind, int seed)
    {
        var waits = new Tracked();
        using var ending = new EndingHub(kind, "under threads");
        var shared = new SharedHub(ending.Hub, waits);
        AllAtOnce(thread =>
        {
            var random = new Random((seed * Threads) + thread);
            for (var step = 0; step < 200; step++)
            {
                shared.Step(random);
            }
        });
        Assert.That(() => ending.Do(static () => { }), Throws.Nothing, $"Seed {seed}: the hub takes no turns any more.");
        AllAtOnce(thread =>
        {
            var random = new Random(~((seed * Threads) + thread));
            foreach (var end in shared.Ends.OrderBy(_ => random.Next()))
            {
                end();
                shared.Step(random);
            }
        });
        Assert.That(() => string.Join(", ", waits.Open), Is.Empty.After((int)Live.Patience.TotalMilliseconds, 5), $"Seed {seed}, of {waits.Begun} waits these never came out.");
        Assert.That(ending.Errors.Where(e => Defects.Contains(e.Exception.GetType()) || e.Exception.Message.Contains("defect", StringComparison.Ordinal)), Is.Empty, $"Seed {seed}.");
    }

    private static void AllAtOnce(Action<int> work)
    {
        using var start = new Barrier(Threads);
        var threads = Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                work(thread);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        Task.WaitAll([.. threads], Live.Patience);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    // What a portable socket had under way when its hub ended is the collector's to close.
    private static int OpenFiles()
    {
        Collect();

        // Not the files that the runtime opens when it loads something: what a hub has open has no path.
        return OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Count(static file => new FileInfo(file).LinkTarget is ['s' or 'a', ..]) : 0;
    }

    // The system keeps fifteen letters of a thread's name.
    private static int HubThreads() => OperatingSystem.IsLinux()
        ? Directory.GetDirectories("/proc/self/task").Count(static task => NameOf(task).StartsWith("under threads", StringComparison.Ordinal))
        : 0;

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
