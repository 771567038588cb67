using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using Diesel.Reactive.Testing;
using Microsoft.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A hub of some kind, to be ended.</summary>
internal sealed class EndingHub : IDisposable
{
    private readonly EventLoopScheduler? _thread;
    private readonly TestScheduler? _clock;

    public EndingHub(HubKind kind, string name = "hub")
    {
        _thread = kind == HubKind.Scheduler ? new EventLoopScheduler() : null;
        _clock = kind == HubKind.Virtual ? new TestScheduler() : null;
        Hub = _clock is not null ? new Hub(_clock, new VirtualNetwork(1))
            : _thread is not null ? new Hub(_thread)
            : new Hub(new HubOptions { Name = name, Portable = kind == HubKind.Portable });
        Hub.Errors.Subscribe(Errors.Enqueue);
    }

    public Hub Hub { get; }

    /// <summary>What showed in the hub's errors.</summary>
    public ConcurrentQueue<HubError> Errors { get; } = [];

    /// <summary>Blocking work waits for it; it is opened when the test is over.</summary>
    public ManualResetEventSlim Gate { get; } = new();

    /// <summary>Runs in a turn; the test waits until it has.</summary>
    public void Do(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Hub.Post(_ =>
        {
            try
            {
                action();
                done.SetResult();
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        _clock?.AdvanceBy(1);
        done.Task.WaitAsync(Live.Patience).GetAwaiter().GetResult();
    }

    /// <summary>Lets virtual time pass, where time is virtual.</summary>
    public void Settle() => _clock?.AdvanceBy(TimeSpan.TicksPerMillisecond);

    /// <summary>How it ended; fails when it did not.</summary>
    public static string End(Task task)
    {
        try
        {
            task.WaitAsync(Live.Patience).GetAwaiter().GetResult();
            return "|";
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new AssertionException("It still waits.");
        }
        catch (Exception error)
        {
            return $"#{error.GetType().Name}";
        }
    }

    public void Dispose()
    {
        Gate.Set();
        Hub.Dispose();

        // A scheduler that ends drops what it was given: the hub ends on it first.
        SpinWait.SpinUntil(() => _thread is null || !Hub.Post(static _ => { }), Live.Patience);
        _thread?.Dispose();
    }
}
