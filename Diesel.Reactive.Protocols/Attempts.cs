using System.Diagnostics;

namespace Diesel.Reactive.Protocols;

/// <summary>How often a call is sent. Each time but the first is a span within that of the call.</summary>
/// <param name="call">The call's span.</param>
/// <param name="tags">What is said of it.</param>
internal sealed class Attempts(Activity call, TagList tags)
{
    private Activity? _current;
    private int _count;

    /// <summary>It is written. The hub's thread only.</summary>
    public void Begin()
    {
        if (_count++ > 0)
        {
            var before = Activity.Current;
            var next = ClientTelemetry.Activities.StartActivity(ActivityKind.Client, call.Context, tags, name: call.DisplayName);
            Activity.Current = before;
            End(Interlocked.Exchange(ref _current, next));
        }
    }

    /// <summary>It is over. Any thread.</summary>
    public void End() => End(Interlocked.Exchange(ref _current, null));

    private static void End(Activity? attempt)
    {
        var before = Activity.Current;
        attempt?.Stop();
        Activity.Current = before;
    }
}
