using System.Net;

namespace Diesel.Reactive.Protocols;

/// <summary>How one kind of client connects.</summary>
/// <typeparam name="TReply">What a reply is decoded to.</typeparam>
internal interface IClientDialect<TReply>
{
    /// <summary>Where to.</summary>
    EndPoint Server { get; }

    ProtocolOptions Options { get; }

    /// <summary>Makes a fresh connection ready, before any call may use it: logs in.</summary>
    Task Prepare(Connection connection);

    /// <summary>Takes a connection that is ready.</summary>
    Pipeline<TReply> Begin(Connection connection, CallQueue<TReply> queue);

    /// <summary>Whether it is no use to try again by itself: wrong credentials, another protocol.</summary>
    bool IsFinal(Exception failure);
}

/// <summary>A server and the connection to it: made when a call needs it, and again when it was lost. All clients of one connection stand on
/// this.</summary>
/// <typeparam name="TReply">What a reply is decoded to.</typeparam>
internal sealed class ClientLink<TReply> : ICalls<TReply>, IDisposable
{
    private readonly IClientDialect<TReply> _dialect;
    private readonly ReconnectingCalls<TReply> _calls;
    private readonly ClientEvents _events;
    private ClientState? _state;
    private long _connectingSince;

    public ClientLink(IClientDialect<TReply> dialect, PipelineOptions options, Hub hub)
    {
        (_dialect, _events) = (dialect, new ClientEvents(hub));
        _calls = new ReconnectingCalls<TReply>([dialect.Server], Begin, options, dialect.Options.Reconnecting with { IsFinal = IsFinal }, dialect.Options, hub);
        _calls.State.Subscribe(Changed);
    }

    /// <summary>Is told how long a connection took to be ready.</summary>
    public Action<TimeSpan>? Created { get; init; }

    public Hub Hub => _calls.Hub;

    public IObservable<ClientEvent> Events => _events;

    public IObservable<ClientState> State => _calls.State;

    public PipelineCounts Counts => _calls.Counts;

    /// <summary>Whether there is a connection that is ready.</summary>
    public bool IsConnected => _calls.Current is not null;

    public IDisposable Send(Call<TReply> call) => _calls.Send(call);

    /// <summary>What a call that is late says.</summary>
    public TimeoutException Late(string what, TimeSpan limit) => IsConnected
        ? new($"{what} got no reply from {_dialect.Server.Shown()} within {limit}: {Counts}.")
        : new($"{what} was not sent to {_dialect.Server.Shown()} within {limit}: {_state?.Phase.ToString().ToLowerInvariant()}, {Counts.Queued} queued. {_state?.Reason?.Message}".TrimEnd(), _state?.Reason);

    public void Dispose() => _calls.Dispose();

    // What TLS could not agree on it will not agree on the next time either, unless it was for a third one that could not be asked.
    private bool IsFinal(Exception failure) => (failure as TlsException ?? (failure as ConnectionException)?.InnerException as TlsException) is { } tls
        ? tls.Fault != TlsFault.RevocationUnknown
        : _dialect.IsFinal(failure);

    private async Task<Pipeline<TReply>> Begin(Connection connection, CallQueue<TReply> queue)
    {
        await _dialect.Prepare(connection);
        return _dialect.Begin(connection, queue);
    }

    private void Changed(ClientState state)
    {
        var before = _state?.Phase;
        _state = state;
        if (state.Phase == ClientPhase.Connecting)
        {
            _connectingSince = Hub.TimeProvider.GetTimestamp();
        }
        else if (state.Phase == ClientPhase.Ready)
        {
            Created?.Invoke(Hub.TimeProvider.GetElapsedTime(_connectingSince));
            _events.Tell(new ClientConnected(_dialect.Server));
        }
        else if (state is { Phase: ClientPhase.Disconnected, Reason: { } reason })
        {
            _events.Tell(before == ClientPhase.Ready
                ? new ClientDisconnected(_dialect.Server, reason)
                : new ClientConnectFailed(_dialect.Server, reason, state.NextAttempt - Hub.Now ?? TimeSpan.Zero));
        }
    }
}
