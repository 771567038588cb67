namespace Diesel.Reactive.Protocols.Riak;

/// <summary>The tries of one call: at which node, for how long, and what became of each. The hub's thread only.</summary>
/// <param name="nodes">Where.</param>
/// <param name="call">What errors call it.</param>
/// <param name="isRepeatable">Whether it may be sent again.</param>
/// <param name="options">How often, how long.</param>
internal struct RiakAttempts(RiakNodes nodes, object call, bool isRepeatable, RiakCallOptions options)
{
    private readonly long _began = nodes.Hub.TimeProvider.GetTimestamp();
    private List<RiakNode>? _tried;
    private List<RiakAttempt>? _failed;
    private RiakNode? _node;
    private long _asked;
    private long? _lent;

    /// <summary>At which node.</summary>
    public readonly RiakNode Node => _node!;

    private readonly int Failures => _failed?.Count ?? 0;

    /// <summary>How much is left for all.</summary>
    public readonly TimeSpan Left => options.Timeout == Timeout.InfiniteTimeSpan ? options.Timeout : options.Timeout - nodes.Hub.TimeProvider.GetElapsedTime(_began);

    /// <summary>Begins the next.</summary>
    /// <returns>How long it may take: where another node may be asked afterwards, a share.</returns>
    public TimeSpan Next()
    {
        (_node, _asked) = (nodes.Pick(_tried), nodes.Hub.TimeProvider.GetTimestamp());
        var left = Left;
        var untried = nodes.All.Count - Failures;
        var shares = isRepeatable && left != Timeout.InfiniteTimeSpan ? Math.Clamp(Math.Min(options.Attempts - Failures, untried), 1, int.MaxValue) : 1;
        return left == Timeout.InfiniteTimeSpan ? left : left > TimeSpan.Zero ? left / shares : TimeSpan.FromTicks(1);
    }

    /// <summary>What the node is told of that: less, so that its own error wins.</summary>
    public readonly TimeSpan Told(TimeSpan share) => share == Timeout.InfiniteTimeSpan ? share
        : share - nodes.Hub.TimeProvider.GetElapsedTime(_asked) is var rest && rest > 2 * options.Margin ? rest - options.Margin : rest / 2;

    /// <summary>Its node has lent it a connection.</summary>
    public void Lent()
    {
        if (Node.Published.IsObserved)
        {
            Node.Published.Waited(nodes.Hub.TimeProvider.GetElapsedTime(_asked));
            _lent = nodes.Hub.TimeProvider.GetTimestamp();
        }
    }

    /// <summary>The connection came back, if there was one.</summary>
    public void Back()
    {
        if (_lent is { } since)
        {
            Node.Published.Used(nodes.Hub.TimeProvider.GetElapsedTime(since));
            _lent = null;
        }
    }

    /// <summary>It has failed.</summary>
    /// <param name="error">With what.</param>
    /// <param name="isSent">Whether anything may have reached the node.</param>
    /// <returns>Null: there is another try. Else what the caller is told.</returns>
    public Exception? Failed(Exception error, bool isSent)
    {
        var isOfNode = IsOfNode(error);
        if (isOfNode)
        {
            Node.Failed(call, error);
        }

        (_tried ??= []).Add(Node);
        (_failed ??= []).Add(new(Node.Server, error));
        return isOfNode && (isRepeatable || !isSent) && _failed.Count < options.Attempts && (options.Timeout == Timeout.InfiniteTimeSpan || Left > TimeSpan.Zero)
            ? null
            : _failed.Count == 1 ? error : new RiakAttemptsException($"{call}", _failed);
    }

    /// <summary>Whether another node may do better.</summary>
    private static bool IsOfNode(Exception error) => error switch
    {
        RiakErrorException said => said.IsPassing,
        PoolExhaustedException or ObjectDisposedException => false,
        IOException or TimeoutException or ProtocolException => true,
        _ => false,
    };
}
