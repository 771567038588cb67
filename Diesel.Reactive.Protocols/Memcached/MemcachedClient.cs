using System.Globalization;
using System.Net;
using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>memcached, on one server or spread over several: one connection to each, which many callers share.</summary>
/// <remarks>
/// <para>It connects to a server when the first command needs it, and again when the connection was lost. It speaks meta commands
/// (memcached 1.6 and later). A key is any bytes, at most 250; one with spaces or control characters is sent in base64, and has at most 186. What is
/// missing is <see langword="null"/>.</para>
/// <para>Errors of every command: <see cref="MemcachedErrorException"/> (the server said no), <see cref="TimeoutException"/>,
/// <see cref="ConnectionException"/>, <see cref="ReplyLostException"/> (it was sent, and nobody knows whether it was carried out; what only reads is
/// sent again instead), <see cref="PipelineFullException"/>, <see cref="ProtocolException"/>. A key or a value that no server would take is an
/// <see cref="ArgumentException"/> of the call itself.</para>
/// <para>Members may be called from any thread. Source: the Twisted tutorial's memcached; memcached's <c>doc/protocol.txt</c>.</para>
/// </remarks>
public sealed class MemcachedClient : IDisposable
{
    private static readonly byte[] ValueFlags = " v f".ToFlags();
    private static readonly byte[] ItemFlags = " v f c t".ToFlags();

    private readonly MemcachedServers _servers;
    private readonly MemcachedOptions _options;
    private readonly MemcachedValues _values;
    private readonly MemcachedRead<Bytes?> _read;
    private readonly MemcachedRead<MemcachedItem> _readItem;

    /// <summary>Prepares a client; nothing is dialled yet.</summary>
    /// <param name="connectionString">See <see cref="MemcachedConnectionString"/>; a bare host is one, and so are several.</param>
    /// <param name="options">What the string does not say; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentException">The string is none.</exception>
    public MemcachedClient(string connectionString = "memcached://localhost", MemcachedOptions? options = null, Hub? hub = null)
        : this(MemcachedConnectionString.Parse(connectionString, options), hub)
    {
    }

    /// <summary>Prepares a client; nothing is dialled yet.</summary>
    /// <param name="connectionString">Where to connect to, and as whom.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="connectionString"/> is null.</exception>
    public MemcachedClient(MemcachedConnectionString connectionString, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        _options = connectionString.Options;
        _values = new MemcachedValues(_options);
        (_read, _readItem) = (_values.Read, _values.ReadItem);
        _servers = new MemcachedServers(connectionString, hub ?? Hub.Current ?? Hub.Default);
    }

    /// <summary>Where it runs.</summary>
    public Hub Hub => _servers.Hub;

    /// <summary>What happens to the connections, for a log; never ends, never fails.</summary>
    public IObservable<ClientEvent> Events => _servers.All.Select(static server => server.Events).Merge();

    /// <summary>The numbers of each server's connection now.</summary>
    public IReadOnlyDictionary<EndPoint, PipelineCounts> Counts => _servers.All.ToDictionary(static server => server.EndPoint, static server => server.Counts);

    /// <summary>The server that has a key now.</summary>
    /// <param name="key">The key.</param>
    /// <returns>As it was given. Another one, when one was taken out or came back: see <see cref="MemcachedOptions.EjectAfter"/>.</returns>
    /// <exception cref="ArgumentException">No server would take the key.</exception>
    public EndPoint ServerOf(Bytes key) => _servers.Of(MemcachedKey.Of(key)).EndPoint;

    /// <summary>A value.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>Cold: each <c>await</c> asks. Null: there is none, or somebody is computing it.</returns>
    /// <exception cref="ArgumentException">No server would take the key.</exception>
    public Awaitable<Bytes?> Get(Bytes key)
    {
        var checkedKey = MemcachedKey.Of(key);
        var server = _servers.Of(checkedKey);
        return OrMiss(server.Ask(new GetCall<Bytes?>(server, checkedKey, ValueFlags, _read)));
    }

    /// <summary>A value, and what is known of it.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>Cold: each <c>await</c> asks. Null: there is none.</returns>
    /// <exception cref="ArgumentException">No server would take the key.</exception>
    public Awaitable<MemcachedItem?> GetItem(Bytes key)
    {
        var checkedKey = MemcachedKey.Of(key);
        var server = _servers.Of(checkedKey);
        return OrMiss(server.Ask(new GetCall<MemcachedItem>(server, checkedKey, ItemFlags, _readItem)));
    }

    /// <summary>The values of several keys: one write and one read for each server.</summary>
    /// <param name="keys">Any number; the same one may be there twice.</param>
    /// <returns>Cold: each <c>await</c> asks. Those that are there, by key.</returns>
    /// <exception cref="ArgumentException">No server would take one of the keys.</exception>
    public Awaitable<IReadOnlyDictionary<Bytes, Bytes>> GetMany(params IEnumerable<Bytes> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return new MemcachedMany(_servers, _values, _options, [.. keys]).ToAwaitable("mg of several keys");
    }

    /// <summary>Stores a value.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">At most <see cref="MemcachedLimits.MaxValue"/> bytes.</param>
    /// <param name="ttl">When it is gone; left out: never.</param>
    /// <param name="flags">Kept with it; see <see cref="MemcachedFlags"/>.</param>
    /// <returns>Cold: each <c>await</c> stores it.</returns>
    /// <exception cref="ArgumentException">No server would take the key or the value.</exception>
    public Awaitable<Stored> Set(Bytes key, Bytes value, Expiry ttl = default, uint flags = 0) => Store(key, value, ttl, StoreMode.Set, flags, null);

    /// <summary>Stores a value if there is none.</summary>
    /// <inheritdoc cref="Set"/>
    public Awaitable<Stored> Add(Bytes key, Bytes value, Expiry ttl = default, uint flags = 0) => Store(key, value, ttl, StoreMode.Add, flags, null);

    /// <summary>Stores a value if there is one.</summary>
    /// <inheritdoc cref="Set"/>
    public Awaitable<Stored> Replace(Bytes key, Bytes value, Expiry ttl = default, uint flags = 0) => Store(key, value, ttl, StoreMode.Replace, flags, null);

    /// <summary>Puts bytes behind the value that is there; its flags and its end stay.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">What comes behind it; never compressed.</param>
    /// <returns>Cold: each <c>await</c> does it.</returns>
    /// <exception cref="ArgumentException">No server would take the key or the value.</exception>
    public Awaitable<Stored> Append(Bytes key, Bytes value) => Store(key, value, default, StoreMode.Append, 0, null);

    /// <summary>Puts bytes before the value that is there.</summary>
    /// <inheritdoc cref="Append"/>
    public Awaitable<Stored> Prepend(Bytes key, Bytes value) => Store(key, value, default, StoreMode.Prepend, 0, null);

    /// <summary>Stores a value if the item has not changed since it was read.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">At most <see cref="MemcachedLimits.MaxValue"/> bytes.</param>
    /// <param name="cas">The item's <see cref="MemcachedItem.Cas"/>.</param>
    /// <param name="ttl">When it is gone; left out: never.</param>
    /// <param name="flags">Kept with it.</param>
    /// <param name="newCas">The new item's number, as of a database's version; null: the server gives it one. Needs a server newer than 1.6.18.</param>
    /// <returns>Cold: each <c>await</c> does it. <see cref="Stored.Exists"/>: it has changed.</returns>
    /// <exception cref="ArgumentException">No server would take the key or the value.</exception>
    public Awaitable<Stored> CompareAndSwap(Bytes key, Bytes value, ulong cas, Expiry ttl = default, uint flags = 0, ulong? newCas = null) =>
        Store(key, value, ttl, StoreMode.Set, flags, cas, newCas);

    /// <summary>Removes an item.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cas">Only if it is still that one; null: any.</param>
    /// <returns>Cold: each <c>await</c> does it. Whether there was one, and it was that.</returns>
    /// <exception cref="ArgumentException">No server would take the key.</exception>
    public Awaitable<bool> Delete(Bytes key, ulong? cas = null) => Do(isDelete: true, key, cas is null ? "" : $" C{cas}");

    /// <summary>Removes an item's value and flags; the item stays, empty, and with it what else is known of it. Needs a server newer than 1.6.18.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>Cold: each <c>await</c> does it. Whether there was one.</returns>
    /// <exception cref="ArgumentException">No server would take the key.</exception>
    public Awaitable<bool> DeleteValue(Bytes key) => Do(isDelete: true, key, " x", 'x');

    /// <summary>A value, if it is not the one that is known already: servers newer than 1.6.18 do not send that again.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cas">The number of the one that is known.</param>
    /// <returns>Cold: each <c>await</c> asks. Null: there is none, or it is still that one.</returns>
    /// <exception cref="ArgumentException">No server would take the key.</exception>
    public Awaitable<MemcachedItem?> GetChanged(Bytes key, ulong cas)
    {
        var checkedKey = MemcachedKey.Of(key);
        var server = _servers.Of(checkedKey);
        return OrMiss(server.Ask(new GetCall<MemcachedItem>(server, checkedKey, $" v f c t C{cas}".ToFlags(), (in reply) => _values.ReadChanged(reply, cas))));
    }

    /// <summary>Marks a value as stale: the first who asks <see cref="GetOrCompute"/> for it computes a new one, all others get this one until then.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="staleFor">How long it may be given at most; left out: as long as it would have been there.</param>
    /// <returns>Cold: each <c>await</c> does it. Whether there is one.</returns>
    /// <exception cref="ArgumentException">No server would take the key.</exception>
    public Awaitable<bool> Invalidate(Bytes key, Expiry staleFor = default) =>
        Do(isDelete: true, key, staleFor.IsNever ? " I" : $" I T{Seconds(staleFor)}");

    /// <summary>Gives an item another end.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="ttl">When it is gone.</param>
    /// <returns>Cold: each <c>await</c> does it. Whether there is one.</returns>
    /// <exception cref="ArgumentException">No server would take the key.</exception>
    public Awaitable<bool> Touch(Bytes key, Expiry ttl) => Do(isDelete: false, key, $" T{Seconds(ttl)}");

    /// <summary>A value, which gets another end.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="ttl">When it is gone.</param>
    /// <returns>Cold: each <c>await</c> does it. Null: there is none.</returns>
    /// <exception cref="ArgumentException">No server would take the key.</exception>
    public Awaitable<Bytes?> GetAndTouch(Bytes key, Expiry ttl)
    {
        var checkedKey = MemcachedKey.Of(key);
        var server = _servers.Of(checkedKey);
        return OrMiss(server.Ask(new GetCall<Bytes?>(server, checkedKey, $" v f T{Seconds(ttl)}".ToFlags(), _read)));
    }

    /// <summary>Counts up; past 2⁶⁴ − 1 from 0 again.</summary>
    /// <param name="key">Of a value that is a number in decimal digits.</param>
    /// <param name="delta">By how much.</param>
    /// <param name="initial">What it is when there is none; null: then it stays missing.</param>
    /// <param name="ttl">When one that was missing is gone.</param>
    /// <returns>Cold: each <c>await</c> counts. The new number; null: there is none.</returns>
    /// <exception cref="ArgumentException">No server would take the key.</exception>
    public Awaitable<ulong?> Increment(Bytes key, ulong delta = 1, ulong? initial = null, Expiry ttl = default) => Count(key, "", delta, initial, ttl);

    /// <summary>Counts down; not below 0.</summary>
    /// <inheritdoc cref="Increment"/>
    public Awaitable<ulong?> Decrement(Bytes key, ulong delta = 1, ulong? initial = null, Expiry ttl = default) => Count(key, " MD", delta, initial, ttl);

    /// <summary>A value that is computed once, however many ask for it, here and in other processes.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="ttl">When it is gone.</param>
    /// <param name="compute">Runs on the hub when this caller is the one to compute.</param>
    /// <param name="options">How long others wait, and more; null for the defaults.</param>
    /// <returns>Cold: each <c>await</c> asks. The value that was there, the stale one while somebody computes a new one, or a new one.</returns>
    /// <exception cref="ArgumentException">No server would take the key.</exception>
    /// <remarks>Errors: also what <paramref name="compute"/> throws; the next who asks computes then. Until the value is there, a plain <c>get</c> of another
    /// client finds an empty value under the key: <see cref="Get"/> takes that for missing. Source: memcached's <c>doc/protocol.txt</c>, "Stampeding
    /// herd protection".</remarks>
    public Awaitable<Bytes> GetOrCompute(Bytes key, TimeSpan ttl, Func<Task<Bytes>> compute, StampedeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(compute);
        var checkedKey = MemcachedKey.Of(key);
        _ = Seconds(ttl);
        var asking = new Stampede(_servers, _values, checkedKey, ttl, compute, options ?? StampedeOptions.Default, _options.AreErrorsMisses);
        return Observable.Defer(() => Observable.FromAsync(asking.Ask, Hub)).ToAwaitable("a value that is computed once");
    }

    /// <summary>What a server knows of an item: its expiry, when it was used last, its size (<c>me</c>).</summary>
    /// <param name="key">Its key.</param>
    /// <returns>Cold: each <c>await</c> asks. Names and values as the server has them; null: there is none.</returns>
    /// <exception cref="ArgumentException">No server would take the key.</exception>
    public Awaitable<IReadOnlyDictionary<string, string>?> Info(Bytes key)
    {
        var checkedKey = MemcachedKey.Of(key);
        return _servers.Of(checkedKey).Ask(LinesCall.Info(checkedKey)).Select(MemcachedValues.ReadInfo).ToAwaitable("me");
    }

    /// <summary>Removes all items of all servers.</summary>
    /// <param name="delay">Not before so long; zero: now.</param>
    /// <returns>Cold: each <c>await</c> does it.</returns>
    public Awaitable<Unit> Flush(TimeSpan delay = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return OfEach(LinesCall.Flush(delay == TimeSpan.Zero ? "" : $" {Seconds(delay)}"))
            .Select(static _ => Unit.Default).ToAwaitable("flush_all");
    }

    /// <summary>The servers' versions, in the order of the servers.</summary>
    /// <returns>Cold: each <c>await</c> asks.</returns>
    public Awaitable<IReadOnlyList<string>> Version() => OfEach(LinesCall.Version)
        .Select(static replies => (IReadOnlyList<string>)[.. replies.Select(static reply => $"{reply}"["VERSION ".Length..])]).ToAwaitable("version");

    /// <summary>What servers count.</summary>
    /// <param name="group">As <c>items</c>, <c>slabs</c>, <c>settings</c>; null: the general ones.</param>
    /// <returns>Cold: each subscription asks all servers, one after the other.</returns>
    /// <exception cref="ArgumentException">It is no word.</exception>
    public IObservable<MemcachedStat> Stats(string? group = null)
    {
        if (group is not null && (group.Length == 0 || !MemcachedKey.IsPlain(group.ToBytes().Span)))
        {
            throw new ArgumentException($"'{group}' is no group of statistics: it is a word.", nameof(group));
        }

        var call = LinesCall.Stats(group);
        return _servers.All.Select(server => server.All(call).SelectMany(static replies => replies).Where(static reply => reply.Line.Span.StartsWith("STAT "u8))
            .Select(reply => reply.ToString().Split(' ', 3) is [_, var name, var value] ? new MemcachedStat(server.EndPoint, name, value) : new(server.EndPoint, "", ""))).Concat();
    }

    /// <summary>Closes the connections, when what is in flight was answered. Commands that wait get an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => _servers.Dispose();

    private DateTimeOffset Now => Hub.TimeProvider.GetUtcNow();

    private string Seconds(Expiry ttl) => ttl.Seconds(Now).ToString(CultureInfo.InvariantCulture);

    private Awaitable<Stored> Store(Bytes key, Bytes value, Expiry ttl, StoreMode mode, uint flags, ulong? cas, ulong? newCas = null)
    {
        var checkedKey = MemcachedKey.Of(key);
        var server = _servers.Of(checkedKey);
        return server.Ask(_values.Store(checkedKey, server.Opaques, value, Seconds(ttl), mode, flags, cas, newCas));
    }

    private Awaitable<bool> Do(bool isDelete, Bytes key, string flags, char? newFlag = null)
    {
        var checkedKey = MemcachedKey.Of(key);
        var server = _servers.Of(checkedKey);
        return server.Ask(new KeyCall(server, isDelete, checkedKey, flags) { NewFlag = newFlag });
    }

    private Awaitable<ulong?> Count(Bytes key, string mode, ulong delta, ulong? initial, Expiry ttl)
    {
        var checkedKey = MemcachedKey.Of(key);
        var server = _servers.Of(checkedKey);
        var create = initial is null ? "" : $" N{Seconds(ttl)} J{initial}";
        return server.Ask(new CountCall(checkedKey, server.Opaques, $" v D{delta}{mode}{create}"));
    }

    private IObservable<IList<MemcachedReply>> OfEach(LinesCall call) => _servers.All.Select(server => server.Ask(call)).ToArray().Concat().ToList();

    private Awaitable<T?> OrMiss<T>(Awaitable<T?> call) => _options.AreErrorsMisses
        ? call.Catch((Exception error) => MemcachedServer.IsUnreachable(error) ? Observable.Return<T?>(default) : Observable.Throw<T?>(error)).ToAwaitable(call.ToString())
        : call;
}
