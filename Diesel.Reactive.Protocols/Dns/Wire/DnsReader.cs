using System.Buffers.Binary;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Reads the fields of a message, within bounds that are those of the message or of one record's data.</summary>
/// <param name="message">The whole of it, as names may point back to any earlier place.</param>
internal ref struct DnsReader(ReadOnlySpan<byte> message)
{
    // A name of 255 bytes has no more labels, and a pointer leads to at least one: more steps are a game. Servers do chain them, as a
    // name that was shortened itself is what the next one points to.
    private const int MaxSteps = 127;

    private readonly ReadOnlySpan<byte> _message = message;

    public int Position { get; private set; }

    /// <summary>Where reading ends.</summary>
    public int End { get; set; } = message.Length;

    public readonly bool IsAtEnd => Position >= End;

    public readonly int Left => End - Position;

    public byte U8() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint U32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public byte[] Bytes(int count) => Take(count).ToArray();

    /// <summary>All to the end.</summary>
    public byte[] Rest() => Take(Left).ToArray();

    /// <summary>A <c>character-string</c>: a length and so many bytes (RFC 1035, section 3.3).</summary>
    public byte[] Text() => Bytes(U8());

    /// <summary>A name, whose end may be somewhere before (RFC 1035, section 4.1.4).</summary>
    public DnsName Name()
    {
        Span<byte> name = stackalloc byte[DnsName.MaxLength];
        var length = 0;
        var at = Position;
        var lowest = at;
        var (steps, isElsewhere) = (0, false);
        while (true)
        {
            // What lies elsewhere begins before, and may go on to the end.
            var first = Label(at, 0, isElsewhere)[0];
            switch (first >> 6)
            {
                case 0 when first == 0:
                    name[length++] = 0;
                    Position = isElsewhere ? Position : at + 1;
                    return DnsName.Of(name[..length]);
                case 0:
                    // The zero at the end needs its place, too.
                    if (length + first + 2 > name.Length)
                    {
                        throw new ProtocolException($"A name is longer than {DnsName.MaxLength} bytes.");
                    }

                    Label(at, first, isElsewhere).CopyTo(name[length..]);
                    length += first + 1;
                    at += first + 1;
                    break;
                case 3:
                    var to = ((first & 0x3F) << 8) | Label(at, 1, isElsewhere)[1];
                    Position = isElsewhere ? Position : at + 2;
                    if (to >= lowest || to < DnsHeader.Length || ++steps > MaxSteps)
                    {
                        throw new ProtocolException($"A name points from byte {at} to byte {to}: pointers lead back, behind the header.");
                    }

                    (at, lowest, isElsewhere) = (to, to, true);
                    break;
                default:
                    throw new ProtocolException($"A label begins with the bits {first >> 6:b2}, which mean nothing.");
            }
        }
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        ThrowIfShort(Position, count);
        var taken = _message.Slice(Position, count);
        Position += count;
        return taken;
    }

    /// <summary>The bytes here are a pointer to the question.</summary>
    public readonly bool PointsToQuestion => Left >= 2 && _message[Position] == 0xC0 && _message[Position + 1] == DnsHeader.Length;

    public void Skip(int count) => Take(count);

    /// <summary>Goes past a question, if it is this one to the letter.</summary>
    public bool TrySkip(ReadOnlySpan<byte> name, DnsType type, DnsClass @class)
    {
        var length = name.Length + 4;
        if (Left < length || !_message.Slice(Position, name.Length).SequenceEqual(name)
            || BinaryPrimitives.ReadUInt32BigEndian(_message[(Position + name.Length)..]) != (((uint)type << 16) | (ushort)@class))
        {
            return false;
        }

        Position += length;
        return true;
    }

    private readonly ReadOnlySpan<byte> Label(int at, int length, bool isElsewhere)
    {
        if (!isElsewhere)
        {
            ThrowIfShort(at, length + 1);
        }
        else if (at + length + 1 > _message.Length)
        {
            throw new ProtocolException("A label reaches past the end of the message.");
        }

        return _message.Slice(at, length + 1);
    }

    private readonly void ThrowIfShort(int at, int count)
    {
        if (count > End - at)
        {
            throw End == _message.Length
                ? new DnsCutOffException($"The message of {_message.Length} bytes ends within a field at byte {at}.")
                : new ProtocolException($"The data of a record ends at byte {End}, within a field at byte {at}.");
        }
    }
}

/// <summary>A message ends before all is there that it announces: of a datagram perhaps cut off on its way.</summary>
internal sealed class DnsCutOffException(string message) : ProtocolException(message);
