using System.Buffers;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A zone as a stream of records (RFC 5936, RFC 1995).</summary>
internal sealed class ZoneTransfer(DnsClient client, DnsServer server, DnsQuestion question, uint? since) : StreamCall<DnsMessage, DnsRecord>, IIdentified<ushort>
{
    private uint? _serial;
    private long _records;
    private bool _isIncremental;
    private bool _hasLastAdditions;
    private bool _isOver;

    public ushort Id { get; set; }

    public static IObservable<DnsRecord> Of(DnsClient client, DnsName zone, uint? since) => Observable.Create<DnsRecord>(observer =>
    {
        var ended = new CompositeDisposable();
        client.Hub.Within(() =>
        {
            var server = client.Servers()[0];
            if (server.Target.Transport == DnsTransport.Http)
            {
                observer.OnError(new DnsException($"{server} is asked by HTTP, which gives no zones: name it with tcp:// or tls://.", DnsResponseCode.NotImplemented));
                return;
            }

            var target = server.Target.Transport == DnsTransport.Udp ? server.Target with { Transport = DnsTransport.Tcp } : server.Target;
            var question = new DnsQuestion(zone, since is null ? DnsType.AXFR : DnsType.IXFR);
            ended.Add(DnsLink.Dial(target, client)
                .SelectMany(connection => Observable.Using(
                    () => DnsLink.Over(connection, client.Options),
                    pipeline => pipeline.Stream(new ZoneTransfer(client, server, question, since))))
                .Subscribe(observer));
        });
        return ended;
    });

    public override string ToString() => $"{question}";

    protected override void Write(IBufferWriter<byte> output)
    {
        var message = new DnsMessage { Id = Id, Questions = [question] };
        if (since is { } serial)
        {
            // RFC 1995, section 3: the version that is known, as a SOA of which nothing else counts.
            message = message with { Authorities = [new SoaRecord(question.Name, TimeSpan.Zero, DnsName.Root, DnsName.Root, serial, default, default, default, default)] };
        }

        DnsMessageWriter.Write(message, client.Writer, ushort.MaxValue);
        DnsFraming.Write(client.Writer, output);
    }

    // The messages after the first need not repeat the question (RFC 5936, section 2.2.1).
    protected override bool Answers(DnsMessage reply) => reply.IsResponse && (reply.Questions.Count == 0 || reply.Questions is [var repeated] && repeated == question);

    protected override bool Read(DnsMessage reply, IObserver<DnsRecord> items)
    {
        if (reply.ResponseCode != DnsResponseCode.NoError)
        {
            var why = $"{server} does not give {question.Name}: {reply.ResponseCode.Print()}{(_records > 0 ? $", after {_records} records" : "")}.";
            items.OnError(new DnsException(why, reply.ResponseCode, [new(server.EndPoint, DnsTransport.Tcp, reply.ResponseCode.Print(), reply.ResponseCode)]));
            return true;
        }

        foreach (var record in reply.Answers)
        {
            if (_isOver || (_records == 0 && record is not SoaRecord))
            {
                items.OnError(new ProtocolException($"The transfer of {question.Name} from {server} does not begin and end with its SOA."));
                return true;
            }

            Count(record);
            items.OnNext(record);
        }

        // A single SOA: nothing has changed, or the reply to IXFR is that there is nothing else (RFC 1995, section 4).
        if (_records == 1 && since is not null && _serial == since)
        {
            return true;
        }

        if (reply.Answers.Count == 0)
        {
            items.OnError(new ProtocolException($"{server} sends in the transfer of {question.Name} a message without records."));
            return true;
        }

        return _isOver;
    }

    // Of the whole, the second SOA is the end. Of changes, each begins with the SOA of an old version, and goes on with that of the new one; what has the newest
    // serial twice in a row of SOAs at these places is the end.
    private void Count(DnsRecord record)
    {
        _records++;
        if (record is not SoaRecord soa || soa.Name != question.Name)
        {
            return;
        }

        if (_serial is null)
        {
            _serial = soa.Serial;
        }
        else if (_records == 2 && since is not null && soa.Serial != _serial)
        {
            _isIncremental = true;
        }
        else if (soa.Serial == _serial)
        {
            // In changes the newest serial stands before the last additions, and once more at the end.
            _isOver = !_isIncremental || _hasLastAdditions;
            _hasLastAdditions = true;
        }
    }
}
