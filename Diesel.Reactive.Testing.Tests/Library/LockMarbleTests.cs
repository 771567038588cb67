using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class LockMarbleTests
{
    [MarbleFile("semaphore.marble")]
    public void Semaphores(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        TimeSpan? limit = stage.Has("limit") ? stage.Time("limit") : null;
        var semaphore = stage.Form switch
        {
            "AsyncSemaphore(2).Acquire()" => new AsyncSemaphore(2, stage.Hub),
            "AsyncSemaphore(1).Acquire(limit)" or "AsyncSemaphore(1).Acquire()" => new AsyncSemaphore(1, stage.Hub),
            _ => throw stage.Unknown(),
        };
        foreach (var name in stage.Results)
        {
            stage.Expect(name, Work(stage, semaphore, limit));
        }
    });

    [MarbleFile("synchronized.marble")]
    public void Locks(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        foreach (var name in stage.Results)
        {
            stage.Expect(name, Work(stage, new Synchronized(name[..1], stage.Hub), null));
        }
    });

    /// <summary>What a loop does with a lock: ● it has it, ○ it gives it back.</summary>
    private static IObservable<string> Work(MarbleStage stage, ILock door, TimeSpan? limit)
    {
        var work = stage.Time("work");
        return stage.Loop<string>(async tell =>
        {
            using (await door.Acquire(limit))
            {
                tell("●");
                await stage.Hub.Sleep(work);
            }

            tell("○");
        });
    }
}
