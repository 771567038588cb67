using System.Reactive.Concurrency;

namespace Diesel.Reactive;

/// <summary>Lets Rx operators that measure (<c>TimeInterval</c>, <c>Sample</c>) measure in the hub's own time.</summary>
internal sealed class HubStopwatchProvider(Hub hub) : IStopwatchProvider
{
    public IStopwatch StartStopwatch() => new Stopwatch(hub, hub.Elapsed);

    private sealed class Stopwatch(Hub hub, TimeSpan start) : IStopwatch
    {
        public TimeSpan Elapsed => hub.Elapsed - start;
    }
}
