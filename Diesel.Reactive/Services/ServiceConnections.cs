using System.Net;

namespace Diesel.Reactive;

/// <summary>All connections of a service, what bounds them together, and how many each limit has met.</summary>
internal sealed class ServiceConnections
{
    private readonly Action _changed;
    private readonly HashSet<Handling> _open = [];
    private readonly LinkedList<Handling> _lingering = new();
    private readonly AddressCounts _addresses;
    private readonly ByteBudget _input;
    private readonly ByteBudget _output;
    private readonly long[] _ended = new long[Enum.GetValues<ServiceLimit>().Length];
    private Hub? _hub;

    /// <param name="options">The bounds.</param>
    /// <param name="changed">Told when one was opened, or has given its place back.</param>
    public ServiceConnections(TcpServiceOptions options, Action changed)
    {
        (Options, _changed) = (options, changed);
        _addresses = new AddressCounts(options.MaxConnectionsPerAddress);
        _input = new ByteBudget(options.MaxBufferedInput, () => Later(static all => all.RelieveInput()));
        _output = new ByteBudget(options.MaxPendingOutput, () => Later(static all => all.RelieveOutput()));
    }

    public TcpServiceOptions Options { get; }

    public IReadOnlyCollection<Handling> Open => _open;

    public bool AreFull => _open.Count >= Options.MaxConnections;

    public bool AreGone => _open.Count + _lingering.Count == 0;

    /// <summary>Those that are open, and those that linger, as they are now.</summary>
    public Handling[] All => [.. _open, .. _lingering];

    public ServiceCounts Counts => ServiceCounts.Of(_open.Count, _lingering.Count, _input.Used, _output.Used, _ended);

    /// <summary>A connection was refused or ended for a limit.</summary>
    public void Met(ServiceLimit limit) => _ended[(int)limit]++;

    /// <summary>Takes a place for a peer's address; false: it has all it may.</summary>
    public bool TryEnter(EndPoint remote)
    {
        if (_addresses.TryEnter(remote))
        {
            return true;
        }

        Met(ServiceLimit.MaxConnectionsPerAddress);
        return false;
    }

    /// <summary>Takes a place for whoever connects, unless a proxy is to say first who that is.</summary>
    /// <param name="transport">Not started.</param>
    /// <param name="hub">Where it lives.</param>
    /// <param name="peer">Who has the place; null: nobody yet.</param>
    /// <returns>Null: it has none, and is refused.</returns>
    public ITransport? Admit(ITransport transport, Hub hub, out EndPoint? peer)
    {
        peer = transport.RemoteEndPoint;
        if (Options.ProxyProtocol is { } proxy)
        {
            if (proxy.Trusts(peer))
            {
                peer = null;
                return new ProxiedLayer(transport, hub, proxy);
            }

            if (!proxy.ServesOthers)
            {
                Met(ServiceLimit.TrustedNetworks);
                return null;
            }
        }

        return TryEnter(peer) ? transport : null;
    }

    public void Leave(EndPoint? peer)
    {
        if (peer is not null)
        {
            _addresses.Leave(peer);
        }
    }

    public void Add(Handling handling)
    {
        _hub ??= handling.Connection.Hub;
        _open.Add(handling);
        handling.Connection.Life.Input.Budget = _input;
        handling.Connection.Life.Output.Budget = _output;
        _changed();
    }

    /// <summary>It has sent all and only waits for its peer's end: its place goes to the next, and the oldest of too many is reset.</summary>
    public void Linger(Handling handling)
    {
        if (!_open.Remove(handling))
        {
            return;
        }

        handling.Place = _lingering.AddLast(handling);
        if (_lingering.Count > Options.MaxLingering)
        {
            Met(ServiceLimit.MaxLingering);
            _lingering.First!.Value.Connection.Abort();
        }

        _changed();
    }

    public void Remove(Handling handling)
    {
        if (handling.Place is { } place)
        {
            _lingering.Remove(place);
            handling.Place = null;
        }
        else if (!_open.Remove(handling))
        {
            return;
        }

        handling.Connection.Life.Input.LeaveBudget();
        Leave(handling.Peer);
        _changed();
    }

    /// <summary>Those at rest end as if their peers had, the others when they have finished what they began.</summary>
    public void Drain()
    {
        foreach (var handling in All)
        {
            handling.Connection.Life.Input.Drain();
        }
    }

    public void EndStalled(TimeSpan patience)
    {
        foreach (var handling in All)
        {
            handling.EndIfStalled(_hub!.Elapsed, patience);
        }
    }

    public void Abort(Exception error)
    {
        foreach (var handling in All)
        {
            handling.Abort(error);
        }
    }

    // In a turn of its own: whoever made it too much is in the middle of something.
    private void Later(Action<ServiceConnections> relieve) => _hub!.Post(_ => relieve(this));

    private void RelieveInput()
    {
        // A buffer tells what was taken from it when more is wanted; now all are asked.
        foreach (var handling in All)
        {
            handling.Connection.Life.Input.Account();
        }

        Relieve(_input, ServiceLimit.MaxBufferedInput, static handling => handling.Connection.Life.Input.Held);
    }

    private void RelieveOutput() =>
        Relieve(_output, ServiceLimit.MaxPendingOutput, static handling => handling.Connection.Life.Output.Held);

    private void Relieve(ByteBudget budget, ServiceLimit limit, Func<Handling, long> held)
    {
        foreach (var handling in budget.IsExceeded ? All.OrderByDescending(held) : Enumerable.Empty<Handling>())
        {
            if (!budget.IsExceeded)
            {
                break;
            }

            handling.Breaks(new Breach(limit, $"it held {held(handling)} of the {budget.Limit} bytes that all connections of the service may hold", Resets: true));
        }

        budget.Relieved();
    }
}
