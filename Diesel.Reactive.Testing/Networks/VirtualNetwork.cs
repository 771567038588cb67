using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Testing;

/// <summary>A network in memory and in virtual time: hosts, the links between them, and all that can go wrong there.</summary>
/// <remarks>
/// <para>For hubs on one virtual-time scheduler: <c>new Hub(scheduler, network.Host("client"))</c>; all of it is used from one
/// thread. The network itself is a host too, named <c>local</c>, for tests that need but one.</para>
/// <para>Links take no time and do no harm until <see cref="SetLink"/> or <see cref="Conditions"/> says so. The faults of
/// datagrams, jitter and random cuts are drawn from the seed: the same program with the same seed sees the same, to the byte.
/// Conditions, and faults such as a <see cref="Partition"/>, may change at any instant.</para>
/// </remarks>
public sealed class VirtualNetwork : INetworkProvider
{
    private const string LocalName = "local";

    private readonly Topology _topology;
    private readonly Incidents _incidents;
    private readonly VirtualHost _local;
    private LinkConditions _conditions = LinkConditions.Default;
    private TimeSpan _retransmissionTimeout = TimeSpan.FromMinutes(15);
    private IScheduler? _clock;
    private DateTimeOffset _zero;
    private int _connections;

    /// <summary>Makes a network with one host.</summary>
    /// <param name="seed">What all chance is drawn from.</param>
    /// <param name="clock">The scheduler of the hubs, whose present instant becomes the network's zero; null: the instant a hub
    /// first uses the network.</param>
    /// <param name="traceLimit">How many entries <see cref="Trace"/> keeps; 0: none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="traceLimit"/> is negative.</exception>
    public VirtualNetwork(int seed = 0, IScheduler? clock = null, int traceLimit = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(traceLimit, 0);
        Seed = seed;
        Chance = new Chance(seed, () => Now);
        Trace = new NetworkTrace(() => Now, traceLimit);
        _topology = new Topology(this);
        _incidents = new Incidents(this, _topology);
        _local = Host(LocalName);
        if (clock is not null)
        {
            Uses(clock);
        }
    }

    /// <summary>What all chance is drawn from.</summary>
    public int Seed { get; }

    /// <summary>How links behave that have no conditions of their own.</summary>
    /// <exception cref="ArgumentNullException">It is set to null.</exception>
    public LinkConditions Conditions
    {
        get => _conditions;
        set
        {
            _conditions = value ?? throw new ArgumentNullException(nameof(value));
            LookForRoom(_topology.Hosts);
        }
    }

    /// <summary>How long a sender goes on trying in a partition before its connection fails; default 15 minutes, as on Linux. Who
    /// has sent nothing notices nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not greater than zero.</exception>
    public TimeSpan RetransmissionTimeout
    {
        get => _retransmissionTimeout;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            _retransmissionTimeout = value;
        }
    }

    /// <summary>The only faults that may be drawn, named by kind, link and ordinal; null (default): all. With fewer of them than
    /// <see cref="Faults"/> told, a failure can be narrowed down: the others stay as they were.</summary>
    public IReadOnlyCollection<Fault>? OnlyFaults
    {
        get;
        init
        {
            field = value;
            if (value is not null)
            {
                Chance.Allow(value);
            }
        }
    }

    /// <summary>The faults that struck, drawn and done, in order; the first 100 000.</summary>
    public IReadOnlyList<Fault> Faults => Chance.Struck;

    /// <summary>How many faults struck after <see cref="Faults"/> was full.</summary>
    public long UnlistedFaults => Chance.Unlisted;

    /// <summary>What crossed the network.</summary>
    public NetworkTrace Trace { get; }

    internal Chance Chance { get; }

    /// <summary>How likely something is done after what is due with it.</summary>
    internal double Interleaving { get; set; }

    /// <summary>From the network's instant zero.</summary>
    internal TimeSpan Now => _clock is null ? TimeSpan.Zero : _clock.Now - _zero;

    /// <summary>Gives a host, and makes it when it is new.</summary>
    /// <param name="name">Resolves on this network; upper and lower case are the same.</param>
    /// <param name="addresses">Its addresses, in the order its name resolves to; none: the next of <c>10.0.0.1</c>, ….</param>
    /// <returns>The network of the hubs that run there.</returns>
    /// <exception cref="ArgumentException">The name is empty, an address, or has an arrow or blank in it; the host has other
    /// addresses, or another host has one of these.</exception>
    public VirtualHost Host(string name, params IReadOnlyList<IPAddress> addresses)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(addresses);
        return _topology.Host(name, addresses);
    }

    /// <summary>Gives several hosts one name, as DNS may: each of them is silent, slow or gone by itself.</summary>
    /// <param name="name">Resolves to all addresses of these hosts.</param>
    /// <param name="hosts">Their names, in the order to resolve to; at least one.</param>
    /// <exception cref="ArgumentException">The name is empty, an address, taken, or has an arrow or blank in it; there is no such host.</exception>
    public void Alias(string name, params IReadOnlyList<string> hosts)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(hosts);
        _topology.Alias(name, hosts);
    }

    /// <summary>How the link from one host to another behaves.</summary>
    /// <param name="from">A host's name.</param>
    /// <param name="to">A host's name.</param>
    /// <returns>Its own conditions, or those of the network.</returns>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    public LinkConditions GetLink(string from, string to) => LinkOf(_topology.Named(from), _topology.Named(to)).Conditions;

    /// <summary>Says how the link from one host to another behaves from now on.</summary>
    /// <param name="from">A host's name.</param>
    /// <param name="to">A host's name.</param>
    /// <param name="conditions">Of this direction.</param>
    /// <exception cref="ArgumentNullException"><paramref name="conditions"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    public void SetLink(string from, string to, LinkConditions conditions)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        var link = LinkOf(_topology.Named(from), _topology.Named(to));
        link.Set(conditions);
        LookForRoom([link.From]);
    }

    /// <summary>Says how the links between two hosts behave from now on, in both directions.</summary>
    /// <param name="one">A host's name.</param>
    /// <param name="other">A host's name.</param>
    /// <param name="conditions">Of each direction.</param>
    /// <exception cref="ArgumentNullException"><paramref name="conditions"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    public void SetLinks(string one, string other, LinkConditions conditions)
    {
        SetLink(one, other, conditions);
        SetLink(other, one, conditions);
    }

    /// <summary>Resets all connections between two hosts, as a middlebox does: what is under way is lost, both ends fail.</summary>
    /// <param name="one">A host's name.</param>
    /// <param name="other">A host's name.</param>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    public void Reset(string one, string other) => Strike(FaultKind.Reset, Both(one, other));

    /// <summary>Holds all that is to cross the links between two hosts; nothing is lost.</summary>
    /// <param name="one">A host's name.</param>
    /// <param name="other">A host's name.</param>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    public void Stall(string one, string other) => Strike(FaultKind.Stall, Both(one, other));

    /// <summary>Ends a <see cref="Stall"/>: what was held arrives at once.</summary>
    /// <param name="one">A host's name.</param>
    /// <param name="other">A host's name.</param>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    public void Resume(string one, string other) => Strike(FaultKind.Resume, Both(one, other));

    /// <summary>Parts two hosts. Bytes are held, as TCP would send them again; dials hang; datagrams and resets are lost. Whose
    /// bytes are held for longer than <see cref="RetransmissionTimeout"/> fails with a time-out.</summary>
    /// <param name="one">A host's name.</param>
    /// <param name="other">A host's name.</param>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    public void Partition(string one, string other) => Strike(FaultKind.Partition, Both(one, other));

    /// <summary>Ends a <see cref="Partition"/>: what was held arrives at once.</summary>
    /// <param name="one">A host's name.</param>
    /// <param name="other">A host's name.</param>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    public void Heal(string one, string other) => Strike(FaultKind.Heal, Both(one, other));

    /// <summary>A host loses all its sockets without a word, as when its power fails and it is up again at once. Its peers get
    /// a reset when they next send; hubs that run on it are told nothing, and are best disposed.</summary>
    /// <param name="host">Its name.</param>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    public void Crash(string host) => Strike(FaultKind.Crash, host);

    /// <summary>A host stops answering: dials to it hang and datagrams to it are lost, as behind a firewall. Connections that
    /// are open go on.</summary>
    /// <param name="host">Its name.</param>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    public void Silence(string host) => Strike(FaultKind.Silence, host);

    /// <summary>Ends a <see cref="Silence"/>: dials that still hang are answered.</summary>
    /// <param name="host">Its name.</param>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    public void Answer(string host) => Strike(FaultKind.Answer, host);

    /// <summary>Does at once what the method of the kind's name does; for scripts.</summary>
    /// <param name="kind">From <see cref="FaultKind.Reset"/> to <see cref="FaultKind.Answer"/>.</param>
    /// <param name="where"><c>client→server</c> for one direction, <c>client↔server</c> for both; for a crash or silence the
    /// host's name.</param>
    /// <exception cref="ArgumentException">The kind is one that is drawn, or there is no such place.</exception>
    public void Strike(FaultKind kind, string where) => _incidents.Strike(kind, where);

    /// <summary>Strikes at the instants of a script.</summary>
    /// <param name="scheduler">The virtual time.</param>
    /// <param name="faults">Kinds, places and instants, in any order; those in the past strike at once. Ordinals do not
    /// matter.</param>
    /// <returns>Drops what has not struck yet.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A kind is one that is drawn.</exception>
    public IDisposable Script(IScheduler scheduler, params IReadOnlyList<Fault> faults)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentNullException.ThrowIfNull(faults);
        foreach (var fault in faults)
        {
            Incidents.ThrowIfDrawn(fault.Kind);
        }

        Uses(scheduler);
        return new CompositeDisposable(faults.Select(fault => scheduler.Schedule(fault.At - Now, () => Strike(fault.Kind, fault.Link))));
    }

    /// <inheritdoc/>
    /// <remarks>The hub runs on the host <c>local</c>.</remarks>
    public INetwork CreateNetwork(IHub hub) => _local.CreateNetwork(hub);

    internal Link LinkOf(VirtualHost from, VirtualHost to) => _topology.LinkOf(from, to);

    internal IEnumerable<VirtualHost> Hosts => _topology.Hosts;

    internal VirtualHost? HostAt(IPAddress address, VirtualHost from) => _topology.At(address, from);

    internal IReadOnlyList<IPAddress>? AddressesOf(string host) => _topology.AddressesOf(host);

    /// <summary>A name that nobody has.</summary>
    internal ConnectionException NoSuchHost(string host) => new(
        $"Cannot find the host '{host}': it is not on this virtual network. Declare it with network.Host(\"{host}\"). There are: {_topology.Names}.",
        null,
        new SocketException((int)SocketError.HostNotFound));

    /// <summary>An address that nobody has.</summary>
    internal ConnectionException NoSuchHost(IPEndPoint remote) => new(
        $"Cannot connect to {remote}: no host of this virtual network has that address. Declare one with network.Host(\"name\", " +
        $"IPAddress.Parse(\"{remote.Address}\")). There are: {_topology.Names}.",
        remote,
        new SocketException((int)SocketError.HostUnreachable));

    internal int NextConnection() => ++_connections;

    /// <summary>Throws unless such a fault can be done.</summary>
    internal void Verify(FaultKind kind, string where) => _incidents.Of(kind, where);

    /// <summary>Whatever happens now is neither traced nor a fault.</summary>
    internal void Leave() => Trace.IsOver = Chance.IsOver = true;

    /// <summary>The hub, which has the time.</summary>
    internal IHub Used(IHub hub)
    {
        Uses(hub);
        return hub;
    }

    // A window may have become larger.
    private static void LookForRoom(IEnumerable<VirtualHost> senders)
    {
        foreach (var transport in senders.SelectMany(static host => host.Sockets).OfType<VirtualTransport>())
        {
            transport.Outgoing.LookForRoom();
        }
    }

    internal static string Both(string one, string other) => $"{one}↔{other}";

    private void Uses(IScheduler clock)
    {
        if (_clock is null)
        {
            (_clock, _zero) = (clock, clock.Now);
        }
    }
}
