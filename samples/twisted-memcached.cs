#:project ../Diesel.Reactive

// The Twisted tutorial's memcached: get and set, with timeouts. Try it with any memcached client.
using System.Net;
using System.Reactive.Concurrency;
using System.Text;
using Diesel.Reactive;

var store = new Store();
var service = new TcpService(new IPEndPoint(IPAddress.Loopback, args.Port(11211)), connection => new Memcached(connection, store).Serve(),
    TcpServiceOptions.Public with { IdleTimeout = TimeSpan.FromSeconds(30), MaxConnectionsPerAddress = null });
Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));

internal sealed class Memcached(Connection connection, Store store)
{
    private const int MaxData = 1024 * 1024;
    private static readonly Framing<ReadOnlyMemory<byte>> Line = Framing.UntilEol(maxLength: 2048);

    public async Task Serve()
    {
        try
        {
            while (true)
            {
                var line = (await connection.Read(Line)).TrimEol().ToText(Encoding.Latin1);
                await Answer(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }
        catch (FrameTooLongException)
        {
            await Send("CLIENT_ERROR line too long\r\n");
        }
    }

    private async Task Answer(string[] words)
    {
        switch (words)
        {
            case ["get", _, ..] when words[1..].All(IsKey):
                await Get(words[1..]);
                break;
            case ["set", var key, var flags, var timeout, var length, .. [] or ["noreply"]]
                when int.TryParse(length, out var bytes) && bytes >= 0:
                var reply = await Set(key, flags, timeout, bytes);
                await Send(words.Length == 5 ? reply : "");
                break;
            case ["get" or "set", ..]:
                await Send("CLIENT_ERROR bad command line format\r\n");
                break;
            default:
                await Send("ERROR\r\n");
                break;
        }
    }

    private async Task Get(string[] keys)
    {
        foreach (var key in keys)
        {
            if (store.Find(key) is { } item)
            {
                await Send($"VALUE {key} {item.Flags} {item.Data.Length}\r\n");
                await connection.Send(item.Data);
                await Send("\r\n");
            }
        }

        await Send("END\r\n");
    }

    private async Task<string> Set(string key, string flags, string timeout, int length)
    {
        var tooLarge = length > MaxData;

        // Data that is refused is read all the same, or it would be taken for commands.
        for (; length > MaxData; length -= MaxData)
        {
            await connection.Read(Framing.Bytes(MaxData));
        }

        var data = await connection.Read(Framing.Bytes(length));
        var end = await connection.Read(Line);
        if (tooLarge)
        {
            return "SERVER_ERROR object too large for cache\r\n";
        }

        if (end.Length > 2)
        {
            return "CLIENT_ERROR bad data chunk\r\n";
        }

        if (!IsKey(key) || !uint.TryParse(flags, out var number) || !int.TryParse(timeout, out var seconds))
        {
            return "CLIENT_ERROR bad command line format\r\n";
        }

        store.Set(new(key, number, data.ToArray()), seconds);
        return "STORED\r\n";
    }

    private Awaitable<System.Reactive.Unit> Send(string reply) => connection.Send(reply.ToBytes(Encoding.Latin1));

    private static bool IsKey(string key) => key.Length <= 250 && key.All(character => character > ' ');
}

internal sealed record Item(string Key, uint Flags, ReadOnlyMemory<byte> Data)
{
    public IDisposable? Expiry { get; init; }

    // What the store itself needs for each counts as well, or many small ones would be free.
    public long Size => Key.Length + Data.Length + 512;
}

internal sealed class Store
{
    private const long MostBytes = 32 * 1024 * 1024;

    private readonly Dictionary<string, LinkedListNode<Item>> _items = [];
    private readonly LinkedList<Item> _byUse = [];
    private long _bytes;

    public Item? Find(string key)
    {
        if (!_items.TryGetValue(key, out var found))
        {
            return null;
        }

        _byUse.Remove(found);
        _byUse.AddLast(found);
        return found.Value;
    }

    // 0 seconds are for ever; fewer, and it has expired already.
    public void Set(Item item, int seconds)
    {
        Remove(item.Key);
        if (seconds < 0)
        {
            return;
        }

        var expiry = seconds == 0 ? null : Hub.Default.Schedule(TimeSpan.FromSeconds(seconds), () => Remove(item.Key));
        _items[item.Key] = _byUse.AddLast(item with { Expiry = expiry });
        for (_bytes += item.Size; _bytes > MostBytes;)
        {
            Remove(_byUse.First!.Value.Key);
        }
    }

    // A pending expiry of the old value must not take the new one with it.
    private void Remove(string key)
    {
        if (_items.Remove(key, out var found))
        {
            _byUse.Remove(found);
            _bytes -= found.Value.Size;
            found.Value.Expiry?.Dispose();
        }
    }
}
