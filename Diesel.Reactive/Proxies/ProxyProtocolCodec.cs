using System.Buffers;

namespace Diesel.Reactive;

/// <summary>Headers of both versions of the PROXY protocol.</summary>
internal sealed class ProxyProtocolCodec(int maxLength) : Codec<ProxyHeader>
{
    public override Decoder<ProxyHeader> CreateDecoder() => new ProxyProtocolDecoder(maxLength);

    public override string ToString() => "PROXY header";

    public override void Encode(ProxyHeader value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(output);
        var header = value.Version switch
        {
            1 => ProxyLine.Of(value),
            2 => ProxyBlock.Of(value),
            var other => throw new ArgumentException($"There is no version {other} of the PROXY protocol: 1 or 2.", nameof(value)),
        };
        if (header.Length > maxLength)
        {
            throw new ArgumentException($"A header of {header.Length} bytes is longer than the {maxLength} that are allowed.", nameof(value));
        }

        output.Write(header);
    }
}

/// <summary>The first byte tells the versions apart; a byte that no header goes on with fails at once.</summary>
internal sealed class ProxyProtocolDecoder(int maxLength) : Decoder<ProxyHeader>
{
    private int _length;

    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out ProxyHeader frame, out int consumed)
    {
        var bytes = buffer.Span;
        _length = bytes.IsEmpty ? 1 : bytes[0] == ProxyLine.Signature[0] ? ProxyLine.LengthOf(bytes, maxLength) : ProxyBlock.LengthOf(bytes, maxLength);
        if (_length == 0 || _length > bytes.Length)
        {
            (frame, consumed) = (null!, 0);
            return false;
        }

        consumed = _length;
        frame = bytes[0] == ProxyLine.Signature[0] ? ProxyLine.Parse(bytes[.._length]) : ProxyBlock.Parse(buffer[.._length]);
        return true;
    }

    public override int Missing(int buffered) => Math.Max(_length - buffered, 0);
}
