using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Whether text that comes in pieces is UTF-8: said as soon as it can be, however it is cut.</summary>
/// <remarks>A mutable struct: keep it in a field that is not readonly.</remarks>
internal struct Utf8Scan
{
    // The first bytes of a character that is not whole, the first of them lowest.
    private uint _kept;
    private int _count;

    /// <summary>Whether no character is begun and not whole.</summary>
    public readonly bool IsWhole => _count == 0;

    /// <summary>Some more.</summary>
    /// <returns>False: no continuation of it is text.</returns>
    public bool TryAdd(ReadOnlySpan<byte> bytes)
    {
        while (_count > 0 && !bytes.IsEmpty)
        {
            if (!TryKeep(bytes[0]))
            {
                return false;
            }

            bytes = bytes[1..];
        }

        var tail = TailOf(bytes);
        if (!Utf8.IsValid(bytes[..^tail]))
        {
            return false;
        }

        foreach (var each in bytes[^tail..])
        {
            if (!TryKeep(each))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Begins anew.</summary>
    public void Begin() => (_kept, _count) = (0, 0);

    private bool TryKeep(byte next)
    {
        _kept |= (uint)next << (8 * _count++);
        Span<byte> character = [(byte)_kept, (byte)(_kept >> 8), (byte)(_kept >> 16), (byte)(_kept >> 24)];
        switch (Rune.DecodeFromUtf8(character[.._count], out _, out _))
        {
            case OperationStatus.Done:
                Begin();
                return true;
            case OperationStatus.NeedMoreData:
                return true;
            default:
                return false;
        }
    }

    // How many of the last bytes are the beginning of a character that goes on.
    private static int TailOf(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var each = bytes[^back];
            if ((each & 0xc0) != 0x80)
            {
                var length = each >= 0xf0 ? 4 : each >= 0xe0 ? 3 : each >= 0xc0 ? 2 : 1;
                return length > back ? back : 0;
            }
        }

        return 0;
    }
}
