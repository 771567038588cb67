using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace Diesel.Reactive.Testing;

/// <summary>Hears of each thing that a thread gives to the pool, at once and on that thread, and counts it for the run whose turn it is there; and of each that
/// the pool begins.</summary>
/// <remarks>The pool tells it to who traces it. It is listened to from the first run on that has async code in it, and then to the end of the
/// process: nothing is told otherwise to who begins in the middle.</remarks>
internal sealed class PoolWatch : EventListener
{
    private const string Source = "System.Diagnostics.Eventing.FrameworkEventSource";
    private const EventKeywords ThreadPoolWork = (EventKeywords)2;

    private static readonly Lazy<PoolWatch> Only = new(static () =>
    {
        var watch = new PoolWatch();

        // The pool looks whether anybody listens when a thread of it begins to work.
        using var begun = new ManualResetEventSlim();
        ThreadPool.UnsafeQueueUserWorkItem(static begun => begun.Set(), begun, preferLocal: false);
        begun.Wait(Baton.Patience);
        return watch;
    });

    // By the number that the pool tells of each. Two may have the same: then one is waited for a little longer.
    private readonly ConcurrentDictionary<object, Baton> _given = new();

    [ThreadStatic]
    private static VirtualRun? _run;

    /// <summary>What this thread gives to the pool from now on is a run's, or nobody's.</summary>
    public static void Count(VirtualRun? run)
    {
        _ = run is null ? null : Only.Value;
        _run = run;
    }

    /// <summary>How many things it knows of that the pool has not begun.</summary>
    public static int Waiting => Only.IsValueCreated ? Only.Value._given.Count : 0;

    /// <summary>A run is over. What it gave and the pool has not begun is not waited for any more: who waited for it may have run it instead.</summary>
    public static void Forget(Baton baton)
    {
        if (Only.IsValueCreated)
        {
            foreach (var one in Only.Value._given.Where(one => ReferenceEquals(one.Value, baton)))
            {
                Only.Value._given.TryRemove(one);
            }
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Source)
        {
            EnableEvents(eventSource, EventLevel.Verbose, ThreadPoolWork);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName is not { } name || eventData.Payload is not [{ } number, ..])
        {
            return;
        }

        if (_run is { } run && name.StartsWith("ThreadPoolEnqueue", StringComparison.Ordinal))
        {
            _given[number] = run.Baton;
            run.Baton.Owe();
        }
        else if (name.StartsWith("ThreadPoolDequeue", StringComparison.Ordinal) && _given.TryRemove(number, out var baton))
        {
            baton.Begin();
        }
    }
}
