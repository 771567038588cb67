using System.Reactive;

namespace Diesel.Reactive;

/// <summary><see cref="ConnectionLayers.Upgrade(Connection, Func{ITransport, Hub, ITransport}, UnreadInput)"/>: what was queued goes out as it is; then the layer has both directions, and the connection waits
/// until it is open.</summary>
internal sealed class Upgrading : IHubWait
{
    private readonly Connection _connection;
    private readonly Func<ITransport, Hub, ITransport> _layer;
    private readonly UnreadInput _unread;
    private readonly AwaitableSource<Unit> _outcome;
    private CancellationTokenRegistration _closed;
    private IDisposable? _opening;
    private PlainRest? _rest;

    public Upgrading(Connection connection, Func<ITransport, Hub, ITransport> layer, UnreadInput unread)
    {
        (_connection, _layer, _unread) = (connection, layer, unread);
        _outcome = new AwaitableSource<Unit>(connection.Hub, null, this);
    }

    private ConnectionLife Life => _connection.Life;

    public Awaitable<Unit> Begin()
    {
        if (!_connection.Hub.Invoke(static u => ((Upgrading)u!).BeginHere(), this))
        {
            HubEnded(_connection.Hub.Ended());
        }

        return _outcome;
    }

    public void HubEnded(ObjectDisposedException error) => _outcome.TrySetException(error);

    public override string ToString() => $"the upgrade of {_connection}";

    private void BeginHere()
    {
        if (Refusal() is { } error)
        {
            _outcome.TrySetException(error);
            return;
        }

        Life.IsUpgrading = true;
        Life.Input.Hold();
        _closed = Life.Closed.UnsafeRegister(static u => ((Upgrading)u!).Fail(), this);
        Life.Output.Flush();
        if (Life.Output.Pending > 0)
        {
            LayBehindTheRest();
        }
        else if (Life.IsUpgrading)
        {
            Lay(Life.Transport);
        }
    }

    private Exception? Refusal() =>
        Life.IsUpgrading ? new InvalidOperationException($"{_connection} is being upgraded: await that first.")
        : Life.WhyOver is { } why ? new ConnectionException($"Cannot upgrade {_connection}: it is over.", _connection.RemoteEndPoint, why)
        : Life.Output.IsCompleted ? new InvalidOperationException($"Cannot upgrade {_connection}: OnCompleted has ended its output, and a layer needs both directions.")
        : Life.Input.HasReader ? new InvalidOperationException($"Cannot upgrade {_connection}: it has a reader, whose bytes would be the layer's. End that first, or upgrade between two reads.")
        : Life.Input.EndWasTold ? new EndOfStreamException($"Cannot upgrade {_connection}: its peer has ended it.")
        : null;

    // The peer is slow to take what is before the layer, and more may be sent meanwhile.
    private void LayBehindTheRest()
    {
        _rest = new PlainRest(Life.Transport, Life.Output);
        Life.Transport = _rest;
        var flushed = new AwaitableSource<Unit>();
        Life.Output.Send(new OutputItem(default, int.MinValue) { Receipt = flushed, IsBar = true });
        flushed.Subscribe(_ => LayBehind(_rest), static _ => { });
    }

    private void LayBehind(PlainRest rest)
    {
        Lay(rest.Inner);
        if (rest.HasRefused)
        {
            _connection.Hub.Post(static life => ((ITransportHandler)life!).OnWritable(0), Life);
        }
    }

    private void Lay(ITransport below)
    {
        Life.Transport = below;
        var rest = Life.Input.TakeRest();
        if (_unread == UnreadInput.Refuse && !rest.Bytes.IsEmpty)
        {
            Life.AbortWith(new ProtocolException(
                $"{_connection} was aborted: its peer sent {rest.Bytes.Length} bytes before it was answered, and what comes before the layer is not to be trusted.")
            {
                EndPoint = _connection.RemoteEndPoint,
            });
            return;
        }

        var stream = new MidStream(below, rest, _connection.Hub);
        try
        {
            Open(_layer(stream, _connection.Hub) ?? throw new InvalidOperationException($"The layer of {_connection} is null."));
        }
        catch (Exception error)
        {
            stream.Abort();
            Life.AbortWith(error);
        }
    }

    private void Open(ITransport layer)
    {
        Life.Transport = layer;
        layer.Start(Life);
        if (layer is ILayer agreeing)
        {
            _opening = new Handshake(_connection, agreeing).Subscribe(_ => Succeed(), Life.CloseGracefully, Succeed);
        }
        else
        {
            Succeed();
        }
    }

    private void Succeed()
    {
        if (Life.IsUpgrading)
        {
            End();
            UserCode.Run(_connection.Hub, this, () => _outcome.TrySetResult(Unit.Default));
        }
    }

    // The connection is over, for whatever reason: a layer that cannot be laid or opened is one.
    private void Fail()
    {
        if (Life.IsUpgrading)
        {
            Life.Input.ConsumeTo(long.MaxValue);
            End();
            UserCode.Run(_connection.Hub, this, () => _outcome.TrySetException(Life.WhyOver!));
        }
    }

    private void End()
    {
        Life.IsUpgrading = false;
        _closed.Unregister();
        _opening?.Dispose();
        Life.Input.Release();
    }
}
