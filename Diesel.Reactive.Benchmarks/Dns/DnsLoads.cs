extern alias DnsClientNet;

using System.Net;
using System.Net.Sockets;
using System.Reactive.Linq;
using Diesel.Reactive.Benchmarks.Harness;
using Diesel.Reactive.Protocols.Dns;
using Their = DnsClientNet::DnsClient;

namespace Diesel.Reactive.Benchmarks.Dns;

/// <summary>Something that asks and asks. Its number is read from another thread.</summary>
internal abstract class DnsLoad : IDisposable
{
    public const string Zone = "example.test";
    public const int Names = 400;

    long _calls;

    public long Calls => Volatile.Read(ref _calls);

    public abstract void Dispose();

    protected static string Name(int n) => $"host{n % Names}.{Zone}";

    protected void Count(bool isAnswered) => Interlocked.Add(ref _calls, isAnswered ? 1 : throw new NoResultException("an answer is missing"));
}

/// <summary>This library, on its hub.</summary>
internal sealed class DieselDnsLoad : DnsLoad
{
    const int LookupsAtOnce = 100;

    readonly Hub _hub = new();
    readonly DnsClient _client;
    readonly Resolver _resolver;
    readonly DnsName[] _names = [.. Enumerable.Range(0, Names).Select(n => DnsName.Parse(Name(n)))];

    public DieselDnsLoad(int port, DnsWorkload workload)
    {
        _hub.Errors.Subscribe(static error => Console.Error.WriteLine(error));
        _client = new DnsClient($"{(workload.IsTcp ? "tcp" : "dns")}://127.0.0.1:{port}", null, _hub);
        _resolver = new Resolver(new ResolverOptions { Server = $"127.0.0.1:{port}", HostsFile = null, ResolvConfFile = null }, _hub);
        for (var caller = 0; caller < workload.Callers; caller++)
        {
            var first = caller;
            _hub.Fork(() => workload.IsCached ? Lookups(first) : Queries(first));
        }
    }

    public override void Dispose()
    {
        _client.Dispose();
        _resolver.Dispose();
        _hub.Dispose();
    }

    async Task Queries(int n)
    {
        while (true)
        {
            Count((await _client.Query(_names[n++ % Names], DnsType.A)).Answers.Count == 1);
        }
    }

    // What is at hand at once would hold the hub for ever; the other client, on the pool, lets nobody else in.
    async Task Lookups(int n)
    {
        while (true)
        {
            for (var turn = 0; turn < LookupsAtOnce; turn++)
            {
                Count((await _resolver.Query(_names[n % Names], DnsType.A)).Answers.Count == 1);
            }

            await _hub.Sleep();
        }
    }
}

/// <summary>DnsClient.NET, on the pool.</summary>
internal sealed class TheirDnsLoad : DnsLoad
{
    readonly CancellationTokenSource _ended = new();
    readonly Their.LookupClient _client;

    public TheirDnsLoad(int port, DnsWorkload workload)
    {
        _client = new Their.LookupClient(new Their.LookupClientOptions(new IPEndPoint(IPAddress.Loopback, port))
        {
            UseCache = workload.IsCached,
            UseTcpOnly = workload.IsTcp,
            Timeout = TimeSpan.FromSeconds(5),
        });
        for (var caller = 0; caller < workload.Callers; caller++)
        {
            var first = caller;
            _ = Task.Run(() => Queries(first, workload.IsCached));
        }
    }

    public override void Dispose() => _ended.Cancel();

    async Task Queries(int n, bool isCached)
    {
        while (!_ended.IsCancellationRequested)
        {
            Count((await _client.QueryAsync(Name(n), Their.QueryType.A)).Answers.Count == 1);
            n += isCached ? 0 : 1;
        }
    }
}

/// <summary>A loop without a client that sends prepared queries by UDP, and looks at the count of answers alone.</summary>
internal abstract class RawDatagramLoad : DnsLoad
{
    const ushort Cookie = 10;

    readonly int _depth;
    volatile bool _ended;

    protected RawDatagramLoad(int port, DnsWorkload workload, bool usesEdns)
    {
        (Port, _depth) = (port, workload.Callers);
        var edns = usesEdns ? new DnsEdns { Options = [new DnsOption(Cookie, GivenCookie(port))] } : null;
        Asks = [.. Enumerable.Range(0, Names).Select(n => DnsCodec.Encode(DnsMessage.Query(Name(n), DnsType.A) with { Edns = edns }))];
    }

    protected int Port { get; }

    /// <summary>The queries, one for each name.</summary>
    protected byte[][] Asks { get; }

    protected bool IsOver => _ended;

    public override void Dispose() => _ended = true;

    protected abstract void Queries(int depth);

    protected void Start() => new Thread(() => Queries(_depth)) { IsBackground = true }.Start();

    protected void Take(ReadOnlySpan<byte> reply) => Count(reply.Length > 12 && reply[7] == 1);

    // What the server gives to whoever comes with eight bytes of its own (RFC 7873).
    static ReadOnlyMemory<byte> GivenCookie(int port)
    {
        using var socket = Connected(port);
        socket.Send(DnsCodec.Encode(DnsMessage.Query(Name(0), DnsType.A) with { Edns = new DnsEdns { Options = [new DnsOption(Cookie, new byte[8])] } }));
        var reply = new byte[1500];
        return DnsCodec.Decode(reply.AsSpan(0, socket.Receive(reply))).Edns!.Options.Single(static option => option.Code == Cookie).Value;
    }

    protected static Socket Connected(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }
}

/// <summary>A blocking loop over one socket, which keeps its port.</summary>
internal sealed class RawDnsLoad : RawDatagramLoad
{
    public RawDnsLoad(int port, DnsWorkload workload, bool usesEdns)
        : base(port, workload, usesEdns) => Start();

    protected override void Queries(int depth)
    {
        using var socket = Connected(Port);
        var reply = new byte[1500];
        for (var n = 0; n < depth; n++)
        {
            socket.Send(Asks[n % Names]);
        }

        for (var n = depth; !IsOver; n++)
        {
            Take(reply.AsSpan(0, socket.Receive(reply)));
            socket.Send(Asks[n % Names]);
        }
    }
}

/// <summary>An epoll loop over as many sockets as queries at a time: each query is sent from a port that is drawn for it, with the server's cookie. What asks so has these calls of
/// the system to make, and this one makes no other.</summary>
internal sealed unsafe class RawFreshDnsLoad : RawDatagramLoad
{
    const int Soon = 100;

    public RawFreshDnsLoad(int port, DnsWorkload workload)
        : base(port, workload, usesEdns: true) => Start();

    protected override void Queries(int depth)
    {
        using var epoll = new Epoll();
        Socket[] sockets = [.. Enumerable.Range(0, depth).Select(_ => Connected(Port))];
        int[] descriptors = [.. sockets.Select(static socket => (int)socket.Handle)];
        for (var n = 0; n < depth; n++)
        {
            epoll.Add(descriptors[n], n, Epoll.Interest.In);
            sockets[n].Send(Asks[n % Names]);
        }

        var reply = stackalloc byte[1500];
        for (var n = depth; !IsOver;)
        {
            var ready = epoll.Wait(Soon);
            for (var index = 0; index < ready; index++, n++)
            {
                var socket = descriptors[epoll.Key(index)];
                Take(new ReadOnlySpan<byte>(reply, Epoll.Receive(socket, reply, 1500)));
                RawSocket.TakeAnotherPort(socket, Port);
                fixed (byte* ask = Asks[n % Names])
                {
                    _ = Epoll.Send(socket, ask, Asks[n % Names].Length);
                }
            }
        }

        foreach (var socket in sockets)
        {
            socket.Dispose();
        }
    }
}

/// <summary>A blocking loop over one connection, which reads what is there and asks for as much again.</summary>
internal sealed class RawTcpDnsLoad : DnsLoad
{
    readonly System.Net.Sockets.Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    volatile bool _ended;

    public RawTcpDnsLoad(int port, DnsWorkload workload)
    {
        _socket.Connect(IPAddress.Loopback, port);
        new Thread(() => Queries(workload.Callers)) { IsBackground = true }.Start();
    }

    public override void Dispose()
    {
        _ended = true;
        _socket.Dispose();
    }

    void Queries(int depth)
    {
        byte[][] queries = [.. Enumerable.Range(0, Names).Select(n => DnsCodec.Encode(DnsMessage.Query(Name(n), DnsType.A))).Select(static query => (byte[])[0, (byte)query.Length, .. query])];
        var (asks, read, there, next) = (new byte[64 * 1024], new byte[64 * 1024], 0, 0);
        for (var due = depth; !_ended;)
        {
            var length = 0;
            for (; due > 0; due--)
            {
                queries[next].CopyTo(asks, length);
                length += queries[next].Length;
                next = (next + 1) % Names;
            }

            _socket.Send(asks.AsSpan(0, length));
            there += _socket.Receive(read.AsSpan(there));
            var at = 0;
            for (int size; there - at >= 2 && there - at >= (size = 2 + ((read[at] << 8) | read[at + 1])); at += size, due++)
            {
                Count(read[at + 9] == 1);
            }

            read.AsSpan(at, there - at).CopyTo(read);
            there -= at;
        }
    }
}
