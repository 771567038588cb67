using System.Net;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What datagrams and connections of one service have in common. On the hub.</summary>
internal sealed class DnsServed(Hub hub, DnsServiceOptions options, Func<DnsQuery, IObservable<DnsReply>>? handler, Func<DnsQuery, DnsMessage>? direct)
{
    private static readonly Task<ReadOnlyMemory<byte>> Nothing = Task.FromResult<ReadOnlyMemory<byte>>(default);

    public Hub Hub => hub;

    public DnsServiceOptions Options => options;

    public DnsAnswering Answering { get; } = new(options, hub.TimeProvider);

    /// <summary>Queries that handlers work at.</summary>
    public int Pending { get; set; }

    public IObservable<Datagram> Datagrams(IDatagramSocket socket) => Observable.Create<Datagram>(observer =>
        socket.Datagrams().Subscribe(datagram => Serve(datagram, observer), observer.OnError, observer.OnCompleted));

    public IObservable<ReadOnlyMemory<byte>> Connection(Connection connection)
    {
        var transport = options.Tls is null ? DnsTransport.Tcp : DnsTransport.Tls;
        return connection.Decode(DnsFraming.Frames)
            .SelectAsync(frame => Serve(frame, connection.RemoteEndPoint, transport), max: 100, ordered: false, hub: hub)
            .Where(static frame => !frame.IsEmpty);
    }

    private void Serve(Datagram datagram, IObserver<Datagram> replies)
    {
        var reply = Answering.Take(datagram.Payload, datagram.RemoteEndPoint, DnsTransport.Udp, out var query);
        if (query is not null && direct is not null)
        {
            reply = Answering.Reply(query, direct(query));
        }
        else if (query is not null && Pending < options.MaxPending)
        {
            new DnsHandling(this, query, late => Send(late, datagram.RemoteEndPoint, replies)).Begin(handler!);
        }

        Send(reply, datagram.RemoteEndPoint, replies);
    }

    private static void Send(ReadOnlyMemory<byte> reply, EndPoint to, IObserver<Datagram> replies)
    {
        if (!reply.IsEmpty)
        {
            replies.OnNext(new Datagram(reply, to));
        }
    }

    private Task<ReadOnlyMemory<byte>> Serve(ReadOnlyMemory<byte> frame, EndPoint remote, DnsTransport transport)
    {
        if (frame.Length < DnsHeader.Length)
        {
            return Task.FromException<ReadOnlyMemory<byte>>(new ProtocolException($"A message of {frame.Length} bytes has not even a header."));
        }

        var reply = Answering.Take(frame, remote, transport, out var query);
        if (query is null)
        {
            return reply.IsEmpty ? Nothing : Task.FromResult(Framed(reply));
        }

        if (direct is not null)
        {
            return Task.FromResult(Framed(Answering.Reply(query, direct(query))));
        }

        var source = new TaskCompletionSource<ReadOnlyMemory<byte>>();
        new DnsHandling(this, query, late => source.TrySetResult(late.IsEmpty ? default : Framed(late))).Begin(handler!);
        return source.Task;
    }

    // Length and message in one write (RFC 7766, section 8).
    private static ReadOnlyMemory<byte> Framed(ReadOnlyMemory<byte> reply) =>
        (byte[])[(byte)(reply.Length >> 8), (byte)reply.Length, .. reply.Span];
}
