using System.Buffers;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A query over a connection, among others (RFC 7766, section 6.2.1.1).</summary>
internal sealed class DnsStreamCall(DnsExchange exchange) : Call<DnsMessage>, IIdentified<ushort>
{
    private int _writes;

    public ushort Id { get; set; }

    // Once more at most: a server that closes at a question would be asked for ever.
    protected override bool IsRepeatable => _writes < 2;

    public override string ToString() => $"{exchange.Run.Asked.Question}";

    protected override bool Answers(DnsMessage reply) => exchange.Run.Asked.IsAnsweredBy(reply);

    protected override void Write(IBufferWriter<byte> output)
    {
        _writes++;
        var writer = exchange.Run.Client.Writer;
        exchange.Write(writer, Id);
        DnsFraming.Write(writer, output);
    }

    protected override bool Take(DnsMessage reply)
    {
        exchange.Run.Take(exchange, reply);
        return true;
    }

    protected override void Fail(Exception error) => exchange.Run.Failed(exchange, error);
}
