namespace Diesel.Reactive.Protocols.Riak;

/// <summary>Reads the fields of a message where they lie: what is read most, without a copy of every value.</summary>
/// <param name="message">All of it.</param>
/// <remarks>Source: the wire format of protocol buffers. Errors: <see cref="ProtocolException"/>.</remarks>
internal ref struct WireReader(ReadOnlyMemory<byte> message)
{
    public const int Number = 0;
    public const int Length = 2;

    private const int Fixed64 = 1;
    private const int GroupStart = 3;
    private const int GroupEnd = 4;
    private const int Fixed32 = 5;
    private const int MostGroups = 100;

    private readonly ReadOnlySpan<byte> _span = message.Span;
    private int _at;

    /// <summary>Reads what comes next is.</summary>
    /// <param name="field">Its number.</param>
    /// <param name="type">How it is written.</param>
    /// <returns>False: the message is over.</returns>
    public bool TryReadTag(out int field, out int type)
    {
        (field, type) = (0, 0);
        if (_at == _span.Length)
        {
            return false;
        }

        var tag = (uint)ReadVarint();
        (field, type) = ((int)(tag >> 3), (int)(tag & 7));
        return field != 0 ? true : throw Wrong("has a field without a number");
    }

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_at == _span.Length)
            {
                throw Wrong("ends within a number");
            }

            var next = _span[_at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Wrong("has a number of more than ten bytes");
    }

    /// <summary>Reads a slice of the message.</summary>
    public ReadOnlyMemory<byte> ReadBytes()
    {
        var length = (uint)ReadVarint();
        if (length > (uint)(_span.Length - _at))
        {
            throw Wrong("has a field that is longer than it");
        }

        _at += (int)length;
        return message.Slice(_at - (int)length, (int)length);
    }

    /// <summary>Passes what is not known.</summary>
    public void Skip(int field, int type, int depth = 0)
    {
        switch (type)
        {
            case Number:
                ReadVarint();
                break;
            case Length:
                ReadBytes();
                break;
            case Fixed64:
                Pass(sizeof(ulong));
                break;
            case Fixed32:
                Pass(sizeof(uint));
                break;
            case GroupStart when depth < MostGroups:
                while (true)
                {
                    if (!TryReadTag(out var inner, out var innerType))
                    {
                        throw Wrong("ends within a group");
                    }

                    if (innerType == GroupEnd)
                    {
                        if (inner != field)
                        {
                            throw Wrong("has a group with the end of another");
                        }

                        break;
                    }

                    Skip(inner, innerType, depth + 1);
                }

                break;
            default:
                throw Wrong("has a group too many, or something that is no field");
        }
    }

    public static ProtocolException Wrong(string how) => new($"The message of a frame cannot be read: it {how}.");

    private void Pass(int length) => _at = length <= _span.Length - _at ? _at + length : throw Wrong("ends within a field");
}
