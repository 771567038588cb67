namespace Diesel.Reactive;

/// <summary>One call too many waits to be written.</summary>
/// <remarks>The server, or the connection to it, is slower than the callers: let them wait for replies before they ask on, share the load
/// between more connections, or raise <see cref="PipelineOptions.MaxQueuedCalls"/>.</remarks>
public sealed class PipelineFullException : InvalidOperationException
{
    internal PipelineFullException(string what, PipelineCounts counts, PipelineOptions options)
        : base($"{what} takes no more: {counts}. At most {nameof(PipelineOptions.MaxQueuedCalls)} ({options.MaxQueuedCalls}) calls and " +
            $"{nameof(PipelineOptions.MaxQueuedBytes)} ({options.MaxQueuedBytes}) may wait; wait for replies before asking on, or raise them.") =>
        Counts = counts;

    /// <summary>The numbers at that moment.</summary>
    public PipelineCounts Counts { get; }
}
