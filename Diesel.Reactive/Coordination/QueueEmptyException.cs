namespace Diesel.Reactive;

/// <summary>There was no item, and the caller did not want to wait for one.</summary>
/// <remarks>Idea: diesel's <c>QueueEmpty</c>.</remarks>
public sealed class QueueEmptyException : InvalidOperationException
{
    /// <summary>For a queue that is kept elsewhere.</summary>
    /// <param name="queue">Which, as errors show it: "the queue 'jobs'".</param>
    public QueueEmptyException(string queue)
        : base($"There is no item in {queue}, and Get was told not to wait. Use TryGet to ask without an exception.")
    {
    }
}
