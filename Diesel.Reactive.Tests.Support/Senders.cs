using System.Net;
using System.Reactive;

namespace Diesel.Reactive.Tests;

/// <summary>Every kind of code that sends and goes: handlers of services, clients, pools. None of them waits for its peer to read.</summary>
internal static class Senders
{
    // Less than any of the transfers takes.
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1.5);

    private static readonly TcpServiceOptions OfService = new() { CloseTimeout = Short, IdleTimeout = Short };
    private static readonly TcpConnectOptions OfConnection = new() { CloseTimeout = Short };
    private static readonly ClientOptions OfClient = new() { CloseTimeout = Short };

    /// <summary>Each begins to send, in pieces that make up the whole, and gives the peer it sends to.</summary>
    public static IReadOnlyDictionary<string, Func<Hub, byte[], SlowPeer>> All { get; } = new Dictionary<string, Func<Hub, byte[], SlowPeer>>
    {
        ["a stream of one chunk"] = static (hub, bytes) => Serves(hub, _ => Observable.Return<ReadOnlyMemory<byte>>(bytes)),
        ["a stream of chunks"] = static (hub, bytes) => Serves(hub, _ => Pieces(bytes).ToObservable(hub)),
        ["a last answer"] = static (hub, bytes) => Serves(hub, c => c.UntilEol().Take(1).Select(_ => (ReadOnlyMemory<byte>)bytes)).Sends("all\r\n"),
        ["answers"] = static (hub, bytes) =>
        {
            var pieces = Pieces(bytes);
            return Serves(hub, c => c.UntilEol().Take(pieces.Count).Select((_, i) => pieces[i])).Sends(string.Concat(Enumerable.Repeat("\r\n", pieces.Count)));
        },
        ["an answer that took its time"] = static (hub, bytes) => Serves(hub, c => c.UntilEol().Take(1).SelectAsync(
            async _ =>
            {
                await c.Hub.Sleep();
                return (ReadOnlyMemory<byte>)bytes;
            },
            1)).Sends("all\r\n"),
        ["a loop that says all"] = static (hub, bytes) => Serves(hub, async c =>
        {
            await c.Hub.Sleep();
            c.OnNext(bytes);
        }),
        ["a loop that waits for each"] = static (hub, bytes) => Serves(hub, c => SendsEach(c, bytes)),
        ["a loop that disposes"] = static (hub, bytes) => Serves(hub, async c =>
        {
            c.OnNext(bytes);
            c.Dispose();
            await c.Hub.Sleep();
        }),
        ["a loop that completes"] = static (hub, bytes) => Serves(hub, async c =>
        {
            c.OnNext(bytes);
            c.OnCompleted();
            await c.LastOrDefaultAsync();
        }),
        ["a stream through a proxy"] = static (hub, bytes) =>
        {
            var behind = Starts(hub, _ => Observable.Return<ReadOnlyMemory<byte>>(bytes));
            return Serves(hub, c => Tcp.Connect("127.0.0.1", behind.Port, OfConnection, c.Hub).SelectMany(static server => server));
        },
        ["a listening"] = static (hub, bytes) =>
        {
            var listening = Tcp.Listen(new IPEndPoint(IPAddress.Loopback, 0), OfConnection, hub);
            listening.Subscribe(c =>
            {
                c.OnNext(bytes);
                c.Dispose();
            });
            return SlowPeer.At(listening.Port);
        },
        ["a connection that says all"] = static (hub, bytes) => Dials(hub, async port =>
        {
            using var connection = await Tcp.Connect("127.0.0.1", port, OfConnection);
            connection.OnNext(bytes);
        }),
        ["a connection that waits for each"] = static (hub, bytes) => Dials(hub, async port =>
        {
            using var connection = await Tcp.Connect("127.0.0.1", port, OfConnection);
            await SendsEach(connection, bytes);
        }),
        ["a client's task"] = static (hub, bytes) => Dials(hub, async port =>
        {
            using var client = new Teller(port, hub);
            await client.Tell(bytes);
        }),
        ["a client's stream"] = static (hub, bytes) => Dials(hub, async port =>
        {
            using var client = new Teller(port, hub);
            await client.TellAll(bytes).LastAsync();
        }),
        ["a pool of connections"] = static (hub, bytes) => Dials(hub, async port =>
        {
            using var pool = ConnectionPool.Of("127.0.0.1", port, null, OfConnection, hub);
            await pool.Use(connection => SendsEach(connection, bytes));
        }),
        ["a pool that lets the idle go"] = static (hub, bytes) => Dials(hub, async port =>
        {
            var pool = ConnectionPool.Of("127.0.0.1", port, new() { IdleTimeout = TimeSpan.FromMilliseconds(1) }, OfConnection, hub);
            await pool.Use(connection => SendsEach(connection, bytes));
        }),
        ["a pool of clients"] = static (hub, bytes) => Dials(hub, async port =>
        {
            using var pool = ClientPool.Of(() => new Teller(port, hub), null, hub);
            await pool.Use(client => client.Tell(bytes));
        }),
    };

    private static SlowPeer Serves(Hub hub, Func<Connection, IObservable<ReadOnlyMemory<byte>>> handler) => SlowPeer.At(Starts(hub, handler).Port);

    private static SlowPeer Serves(Hub hub, Func<Connection, Task> handler)
    {
        var service = new TcpService(0, handler, OfService);
        service.Start(hub);
        return SlowPeer.At(service.Port);
    }

    private static TcpService Starts(Hub hub, Func<Connection, IObservable<ReadOnlyMemory<byte>>> handler)
    {
        var service = new TcpService(0, handler, OfService);
        service.Start(hub);
        return service;
    }

    private static SlowPeer Dials(Hub hub, Func<int, Task> loop) => SlowPeer.Of(port => hub.Fork(() => loop(port)));

    private static async Task SendsEach(Connection connection, byte[] bytes)
    {
        foreach (var piece in Pieces(bytes))
        {
            await connection.Send(piece);
        }
    }

    private static List<ReadOnlyMemory<byte>> Pieces(byte[] bytes) => [.. Enumerable.Range(0, 16).Select(i =>
        (ReadOnlyMemory<byte>)bytes.AsMemory((int)((long)bytes.Length * i / 16)..(int)((long)bytes.Length * (i + 1) / 16)))];

    private sealed class Teller(int port, Hub hub) : Client("127.0.0.1", port, OfClient, hub)
    {
        public Awaitable<Unit> Tell(byte[] bytes) => Call(async connection =>
        {
            await SendsEach(connection, bytes);
            return Unit.Default;
        });

        public IObservable<Unit> TellAll(byte[] bytes) => Call(connection => connection.Send(bytes));
    }
}
