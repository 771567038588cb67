using System.Net;
using System.Net.Sockets;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Finds what names stand for, and remembers it for as long as it holds.</summary>
/// <remarks>
/// <para>It knows the system's hosts and search list, and asks the system's servers, or others. However many ask for the same at a time, one query is sent.
/// <c>hub.UseResolver(resolver)</c> has all dials of a hub ask it.</para>
/// <para>Hosts (<see cref="Lookup"/>, <see cref="Addresses"/>, <see cref="Watch"/>) are what a user types: an address, a name of the system's hosts, or one that
/// something of the search list may be missing of. All other members take whole names. Errors: <see cref="DnsException"/>, whose code tells whether
/// there is no such name, no such record, or no answer. Members may be called from any thread. Idea: diesel's <c>resolve_dns_name</c>.</para>
/// </remarks>
public sealed class Resolver : INameResolver, IDisposable
{
    private readonly ResolverCore _core;

    /// <summary>Makes one; nothing is asked yet.</summary>
    /// <param name="options">Whom to ask, what to remember; null: the system's servers, and the defaults.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentException">The options name no server.</exception>
    public Resolver(ResolverOptions? options = null, Hub? hub = null) => _core = new ResolverCore(options ?? ResolverOptions.Default, hub ?? Hub.Current ?? Hub.Default);

    /// <summary>Where it runs.</summary>
    public Hub Hub => _core.Hub;

    /// <summary>Its numbers now.</summary>
    public DnsCacheCounts Counts => _core.Memory.Counts;

    internal ResolverCore Core => _core;

    /// <summary>One that asks whom the system asks.</summary>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <returns>The resolver.</returns>
    public static Resolver System(Hub? hub = null) => new(null, hub);

    /// <summary>Finds the addresses of a host.</summary>
    /// <param name="host">A name, or an address in text, which is its own.</param>
    /// <returns>Cold: each <c>await</c> asks. All addresses, in the order to try them (RFC 6724); at least one.</returns>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty.</exception>
    /// <remarks>Errors: <see cref="DnsException"/>.</remarks>
    public Awaitable<IReadOnlyList<IPAddress>> Lookup(string host)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        return new HostQuery(_core, host);
    }

    /// <summary>Finds the addresses of a host, as they come.</summary>
    /// <param name="host">As <see cref="Lookup"/> takes it.</param>
    /// <returns>Cold: at least one address; those of the family that was answered for first come first.</returns>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty.</exception>
    /// <remarks>Errors: <see cref="DnsException"/>.</remarks>
    public IObservable<IPAddress> Addresses(string host)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        return Asked(host).Select(static found => found.Address);
    }

    /// <summary>Gives the addresses of a host now, and again whenever they change.</summary>
    /// <param name="host">As <see cref="Lookup"/> takes it.</param>
    /// <returns>Cold: the addresses in the order to try them; none: there is no such host now. It is asked for when the time of the records is over, at least
    /// every hour and at most every second. It does not fail: as long as nobody answers, nothing has changed. Completes when the resolver is disposed.</returns>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty.</exception>
    public IObservable<IReadOnlyList<IPAddress>> Watch(string host)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        return new HubCold<IReadOnlyList<IPAddress>>(Hub, observer => new WatchRun(_core, host, observer).Begin());
    }

    /// <summary>Finds records of any type, from memory or from a server.</summary>
    /// <param name="name">A whole name.</param>
    /// <param name="type">Which records.</param>
    /// <returns>Cold: each <c>await</c> asks. The reply as a server that remembers would give it, with the times that are left: other names first, then the
    /// records of the last. That there is no such name, or no such record, is a reply as well.</returns>
    /// <remarks>Errors: <see cref="DnsException"/> when nobody could tell.</remarks>
    public Awaitable<DnsReply> Query(DnsName name, DnsType type) => new RecordQuery(_core, new(name, type));

    /// <summary>Finds the names of an address.</summary>
    /// <param name="address">IPv4 or IPv6.</param>
    /// <returns>Cold: each <c>await</c> asks. At least one name, without the dot at its end.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="address"/> is null.</exception>
    /// <remarks>Errors: <see cref="DnsException"/>.</remarks>
    public Awaitable<IReadOnlyList<string>> Reverse(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var name = ReverseName.Of(address);
        return new HubCold<IReadOnlyList<string>>(Hub, observer => _core.Known.Hosts.Names(address) is { Count: > 0 } known
            ? Observable.Return<IReadOnlyList<string>>([.. known.Select(Plain)]).Subscribe(observer)
            : Of(name, DnsType.PTR, answer => answer.Error is { } none ? throw none
                : (IReadOnlyList<string>)[.. answer.Records.OfType<PtrRecord>().Select(static record => Plain(record.Target))]).Subscribe(observer))
            .ToAwaitable($"the names of {address}");
    }

    /// <summary>Finds where a domain's mail goes.</summary>
    /// <param name="name">The domain.</param>
    /// <returns>Cold: each <c>await</c> asks. By preference; none: the domain's own address takes it. A single one whose exchange is the root: the domain
    /// takes no mail (RFC 7505).</returns>
    public Awaitable<IReadOnlyList<MxRecord>> Mx(string name) =>
        Of(name, DnsType.MX, static answer => (IReadOnlyList<MxRecord>)[.. Records<MxRecord>(answer).OrderBy(static record => record.Preference)]);

    /// <summary>Finds where a service is.</summary>
    /// <param name="name">The service: <c>_xmpp-server._tcp.example.com</c>.</param>
    /// <returns>Cold: each <c>await</c> asks. In the order to try them, drawn anew each time by their weights (RFC 2782); none: there is no such service.</returns>
    public Awaitable<IReadOnlyList<SrvRecord>> Srv(string name) => Of(name, DnsType.SRV, static answer => SrvOrder.Sort(Records<SrvRecord>(answer), Random.Shared.Next));

    /// <summary>Finds the texts of a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Cold: each <c>await</c> asks. One string for each record, of all its parts; none: there is no such record.</returns>
    public Awaitable<IReadOnlyList<string>> Txt(string name) =>
        Of(name, DnsType.TXT, static answer => (IReadOnlyList<string>)[.. Records<TxtRecord>(answer).Select(static record => record.Text)]);

    /// <summary>Finds how to reach a web site.</summary>
    /// <param name="name">Its host.</param>
    /// <returns>Cold: each <c>await</c> asks. By priority; aliases are followed. None: as the host's addresses say.</returns>
    public Awaitable<IReadOnlyList<SvcbRecord>> Https(string name) => Https(name, 0).ToAwaitable($"HTTPS of {name}");

    /// <summary>Finds the beginning of a zone.</summary>
    /// <param name="zone">Its name.</param>
    /// <returns>Cold: each <c>await</c> asks. Its SOA.</returns>
    public Awaitable<SoaRecord> Soa(string zone) => Of(zone, DnsType.SOA, static answer => answer.Error is { } none ? throw none : (SoaRecord)answer.Records[0]);

    /// <summary>Gets a zone, or what has changed in it.</summary>
    /// <param name="zone">Its name.</param>
    /// <param name="since">The version that is known; null: the whole.</param>
    /// <returns>As <see cref="DnsClient.Transfer"/>.</returns>
    public IObservable<DnsRecord> Zone(string zone, uint? since = null) => _core.Client.Transfer(zone, since);

    /// <summary>Forgets what is remembered.</summary>
    /// <param name="name">Of which name; null: of all.</param>
    public void Flush(string? name = null)
    {
        var whose = name is null ? (DnsName?)null : DnsName.Parse(name);
        Hub.Within(() => _core.Memory.Cache.Clear(whose));
    }

    /// <summary>Gives up what is under way, and closes its connections.</summary>
    public void Dispose()
    {
        Hub.Within(() => _core.IsDisposed = true);
        _core.Client.Dispose();
    }

    /// <inheritdoc/>
    IObservable<ResolvedAddress> INameResolver.Resolve(string host) =>
        Asked(host).Catch<ResolvedAddress, DnsException>(error => Observable.Throw<ResolvedAddress>(
            new ConnectionException(error.Message, endPoint: null, new SocketException((int)(error.Code == DnsResponseCode.NameError ? SocketError.HostNotFound
                : error.Code == DnsResponseCode.NoError ? SocketError.NoData : SocketError.TryAgain), error.Message))));

    /// <summary>Whom it asks.</summary>
    public override string ToString() => $"resolver with {_core.Client}";

    private static string Plain(DnsName name) => name.ToString().TrimEnd('.');

    private static IEnumerable<T> Records<T>(DnsAnswer answer) => answer.Code == DnsResponseCode.NoError ? answer.Records.OfType<T>() : throw answer.Error!;

    private HubCold<ResolvedAddress> Asked(string host) => new(Hub, observer => new AddressRun(_core, host, observer).Begin());

    private Awaitable<T> Of<T>(DnsName name, DnsType type, Func<DnsAnswer, T> read) =>
        new HubCold<T>(Hub, observer => new RecordRun<T>(_core, new(name, type), read, observer).Begin()).ToAwaitable($"{type.Print()} of {name}");

    // RFC 9460, section 2.4.2: an alias stands alone, and is followed; of one that leads nowhere there is nothing.
    private IObservable<IReadOnlyList<SvcbRecord>> Https(DnsName name, int steps) => Of(name, DnsType.HTTPS, static answer => Records<SvcbRecord>(answer).ToList())
        .SelectMany(records => records.Find(static record => record.IsAlias) switch
        {
            null => Observable.Return<IReadOnlyList<SvcbRecord>>([.. records.OrderBy(static record => record.Priority)]),
            { Target.IsRoot: true } => Observable.Return<IReadOnlyList<SvcbRecord>>([]),
            { Target: var target } when steps < Outcome.MaxLinks => Https(target, steps + 1),
            _ => Observable.Throw<IReadOnlyList<SvcbRecord>>(ReplyReading.TooMany(name)),
        });
}
