using System.Reactive.Subjects;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class PoolMarbleTests
{
    // What is closed a minute after the end of a case is not what it is about.
    private static readonly PoolOptions<string> Keeping = new() { IdleTimeout = Timeout.InfiniteTimeSpan };

    [MarbleFile("pool.marble")]
    public void Pools(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var (made, closed) = (0, new Subject<string>());
        var pool = Pool.Of(() => $"{++made}", closed.OnNext, Options(stage), stage.Hub);
        var work = stage.Time("work");
        foreach (var name in stage.Results.Except(["closed"]))
        {
            stage.Expect(name, pool.Use(item => Work(stage, item, work, fails: name == "broken")));
        }

        if (stage.Has("closed"))
        {
            stage.Expect("closed", closed);
        }
    });

    private static PoolOptions<string> Options(MarbleStage stage) => stage.Form switch
    {
        "Pool(Max = 2).Use(work)" => Keeping with { Max = 2 },
        "Pool(Max = 1).Use(work)" => Keeping with { Max = 1 },
        "Pool(Max = 1, FailFast = true).Use(work)" => new() { Max = 1, FailFast = true },
        "Pool(Max = 1, MaxWaiting = 1).Use(work)" => new() { Max = 1, MaxWaiting = 1 },
        "Pool(Max = 1, AcquireTimeout = limit).Use(work)" => new() { Max = 1, AcquireTimeout = stage.Time("limit") },
        "Pool(IdleTimeout = limit).Use(work)" => new() { IdleTimeout = stage.Time("limit") },
        _ => throw stage.Unknown(),
    };

    /// <summary>Says which item it works with, and ends after a while.</summary>
    private static IObservable<string> Work(MarbleStage stage, string item, TimeSpan work, bool fails) => stage.Loop<string>(async tell =>
    {
        tell(item);
        await stage.Hub.Sleep(work);
        if (fails)
        {
            throw new MarbleException("broken");
        }
    });
}
