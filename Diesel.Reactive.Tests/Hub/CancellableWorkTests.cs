namespace Diesel.Reactive.Tests;

/// <summary>Blocking work that is told to stop when nobody waits for it any more.</summary>
public class CancellableWorkTests
{
    [Test]
    public void Its_result_comes_back_to_the_hub()
    {
        using var live = new Live();
        var (result, isCurrent) = live.Run(async () => (await live.Hub.Run(static token => token.CanBeCanceled), live.Hub.IsCurrent));
        Assert.That((result, isCurrent), Is.EqualTo((true, true)));
    }

    [Test]
    public void What_it_throws_comes_back_to_the_hub()
    {
        using var live = new Live();
        Assert.That(() => live.Run(async () => await live.Hub.Run(static (CancellationToken _) => throw new FormatException())), Throws.InstanceOf<FormatException>());
    }

    [Test]
    public void It_is_cancelled_when_its_loop_ends()
    {
        using var live = new Live();
        using var work = new Work();
        var loop = live.Hub.Fork(async () => await live.Hub.Run(work.UntilCancelled));
        live.Await(work.Begun);
        loop.Dispose();
        live.Await(work.Cancelled);
    }

    [Test]
    public void It_is_cancelled_when_it_is_late()
    {
        using var live = new Live();
        using var work = new Work();
        Assert.That(() => live.Run(async () => await live.Hub.Run(work.UntilCancelled).Timeout(TimeSpan.FromMilliseconds(50))), Throws.InstanceOf<TimeoutException>());
        live.Await(work.Cancelled);
    }

    [Test]
    public void It_is_cancelled_when_it_loses_a_race()
    {
        using var live = new Live();
        using var work = new Work();
        live.Run(async () => await First.Of(live.Hub.Run(work.UntilCancelled), live.Hub.Sleep(TimeSpan.FromMilliseconds(50))));
        live.Await(work.Cancelled);
    }

    [Test]
    public void It_is_cancelled_when_its_hub_ends()
    {
        using var live = new Live();
        using var work = new Work();
        var task = live.Hub.Run(work.UntilCancelled).AsTask();
        live.Await(work.Begun);
        live.Hub.Dispose();
        live.Await(work.Cancelled);
        Assert.That(() => live.Await(task), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void What_its_cancellation_throws_is_reported()
    {
        using var live = new Live();
        using var work = new Work();
        var loop = live.Hub.Fork(async () => await live.Hub.Run(token =>
        {
            // Not undone when the work ends: that may be before it is called.
            token.Register(static () => throw new FormatException());
            work.UntilCancelled(token);
        }));
        live.Await(work.Begun);
        loop.Dispose();
        Assert.That(live.Await(live.Errors.FirstAsync()).Exception, Is.InstanceOf<FormatException>());
    }

    private sealed class Work : IDisposable
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _never = new();

        public Task Begun => _begun.Task;

        public Task Cancelled => _cancelled.Task;

        public void UntilCancelled(CancellationToken token)
        {
            _begun.TrySetResult();
            try
            {
                _never.Wait(token);
            }
            catch (OperationCanceledException)
            {
                _cancelled.TrySetResult();
                throw;
            }
        }

        public void Dispose() => _never.Dispose();
    }
}
