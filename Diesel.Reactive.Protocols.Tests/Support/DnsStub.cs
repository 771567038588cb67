using System.Net;
using Diesel.Reactive.Protocols.Dns;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A query that a <see cref="DnsStub"/> heard.</summary>
internal sealed record DnsHeard(DnsMessage Message, DnsTransport Transport, IPEndPoint From, Action<ReadOnlyMemory<byte>> Send, Connection? Connection = null)
{
    public DnsQuestion Question => Message.Questions[0];

    /// <summary>The reply with records of the name that was asked for: <c>A 192.0.2.1</c>.</summary>
    public DnsMessage Reply(params string[] data) => Whole([.. data.Select(each => DnsRecord.Parse($"{Question.Name} 300 {each}"))]);

    public DnsMessage Whole(params DnsRecord[] answers) => new()
    {
        Id = Message.Id,
        IsResponse = true,
        RecursionAvailable = true,
        RecursionDesired = true,
        Questions = Message.Questions,
        Answers = answers,
        Edns = Message.Edns is null ? null : new DnsEdns(),
    };

    public DnsMessage Fails(DnsResponseCode code) => Whole() with { ResponseCode = code };

    /// <summary>There is no such name, or no such record, for a while.</summary>
    public DnsMessage None(DnsResponseCode code = DnsResponseCode.NameError, int seconds = 60, int minimum = 60, string zone = "example") =>
        Whole() with { ResponseCode = code, Authorities = [DnsRecord.Parse($"{zone.TrimEnd('.')}. {seconds} SOA ns. root. 1 2 3 4 {minimum}")] };

    public void Say(DnsMessage reply) => Say(DnsCodec.Encode(reply));

    public void Say(byte[] reply) => Send(Connection is null ? reply : (byte[])[(byte)(reply.Length >> 8), (byte)reply.Length, .. reply]);
}

/// <summary>A scripted server of names in virtual time, on a host of its own.</summary>
internal sealed class DnsStub : IDisposable
{
    private readonly World _world;
    private readonly IDatagramTransport _udp;
    private readonly IListener _tcp;

    public DnsStub(World world, string address = "10.0.0.53", string? name = null)
    {
        (_world, EndPoint) = (world, new IPEndPoint(IPAddress.Parse(address), 53));
        Host = world.Network.Host(name ?? $"ns-{address}", EndPoint.Address);
        var network = Host.CreateNetwork(world.Hub);
        _udp = network.Bind(EndPoint, null, new());
        _udp.Start(Hear, static _ => { });
        _tcp = network.Listen(EndPoint, new(), Accept);
    }

    public VirtualHost Host { get; }

    public IPEndPoint EndPoint { get; }

    /// <summary>All that was asked, in order.</summary>
    public List<DnsHeard> Heard { get; } = [];

    public int Connections { get; private set; }

    /// <summary>What is answered: by itself an address for each name.</summary>
    public Action<DnsHeard> Script { get; set; } = static heard => heard.Say(heard.Question.Type == DnsType.A ? heard.Reply("A 192.0.2.1") : heard.None(DnsResponseCode.NoError, zone: "."));

    /// <summary>Names and types that were asked for.</summary>
    public IEnumerable<string> Asked => Heard.Select(heard => $"{heard.Question.Type} {heard.Question.Name}");

    public void Datagram(byte[] bytes, IPEndPoint to) => _udp.Send(new Datagram(bytes, to));

    public DnsClient Client(DnsOptions? options = null, string scheme = "dns", params DnsStub[] others) =>
        new($"{scheme}://" + string.Join(',', others.Prepend(this).Select(stub => stub.EndPoint)), options, _world.Hub);

    public Resolver Resolver(ResolverOptions? options = null) =>
        new((options ?? new ResolverOptions()) with { Server = $"{EndPoint}", ResolvConfFile = options?.ResolvConfFile is "/etc/resolv.conf" or null ? null : options.ResolvConfFile, HostsFile = options?.HostsFile is "/etc/hosts" or null ? null : options.HostsFile }, _world.Hub);

    public void Dispose()
    {
        _udp.Close();
        _tcp.Dispose();
    }

    private void Hear(Datagram datagram)
    {
        var from = (IPEndPoint)datagram.RemoteEndPoint;
        Tell(new(DnsCodec.Decode(datagram.Payload.Span), DnsTransport.Udp, from, bytes => _udp.Send(new Datagram(bytes, from))));
    }

    private void Accept(ITransport transport)
    {
        Connections++;
        var connection = Tcp.Over(transport, null, _world.Hub);
        connection.Decode(DnsFraming.Frames).Subscribe(
            frame => Tell(new(DnsCodec.Decode(frame.Span), DnsTransport.Tcp, (IPEndPoint)connection.RemoteEndPoint, connection.OnNext, connection)),
            static _ => { },
            connection.Dispose);
    }

    private void Tell(DnsHeard heard)
    {
        Heard.Add(heard);
        Script(heard);
    }
}
