namespace Diesel.Reactive;

/// <summary>Why a pipeline is over, and what its calls are told.</summary>
internal sealed class PipelineEnd(Connection connection)
{
    /// <summary>What ended it; null: it goes on, or was disposed.</summary>
    public Exception? Why
    {
        get;
        set
        {
            field = value;
            if (value is ProtocolException protocol)
            {
                protocol.EndPoint ??= connection.RemoteEndPoint;
            }
        }
    }

    /// <summary>Whether the peer has broken the protocol: nobody's misfortune, and to be expected again.</summary>
    public bool IsBroken => Why is ProtocolException and not TruncatedFrameException;

    /// <summary>The pipeline, as errors show it.</summary>
    public override string ToString() => $"the pipeline over {connection}";

    /// <summary>This side gives it up.</summary>
    public ConnectionException Gone(string why, Exception? inner = null) => new($"{this} was closed: {why}.", connection.RemoteEndPoint, inner);

    /// <summary>For a call whose fate nobody knows.</summary>
    public Exception Lost(object call) => Why as ObjectDisposedException
        ?? (Exception)new ReplyLostException(Label.Of(call), connection.RemoteEndPoint, Why ?? Disposed());

    /// <summary>For a call of which no byte was sent.</summary>
    public Exception NotSent() => Why is null ? Disposed() : Why as ObjectDisposedException
        ?? (Exception)new ConnectionException($"Nothing was sent: {this} has ended. {Label.MessageOf(Why)}", connection.RemoteEndPoint, Why);

    private ObjectDisposedException Disposed() => new(ToString(), $"{this} was disposed: it sends nothing more.");
}
