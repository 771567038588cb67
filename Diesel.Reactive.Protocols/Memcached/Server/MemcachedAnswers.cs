using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>What a connection is answered.</summary>
/// <param name="connection">Whose.</param>
/// <param name="room">Where answers are put together; all connections of a service share it, as each lets go of it before it waits.</param>
internal sealed class MemcachedAnswers(Connection connection, byte[] room)
{
    /// <summary>How much may be answered before the peer has to take some of it.</summary>
    public const int MostAtOnce = 64 * 1024;

    /// <summary>How long <c>room</c> is.</summary>
    public const int RoomLength = 16 * 1024;

    // Larger ones are sent where they lie.
    private const int Large = 2048;
    private const int LongestNumber = 21;

    private int _used;
    private long _passed;

    /// <summary>The present command wants no answer.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Whether enough was answered for now. <see cref="Flush"/> makes it false.</summary>
    public bool IsMuch => _used + _passed >= MostAtOnce;

    public void Line(string text)
    {
        if (!IsQuiet)
        {
            Encoding.UTF8.GetBytes(text, Take(Encoding.UTF8.GetByteCount(text)));
            End();
        }
    }

    public void Line(ReadOnlySpan<byte> text)
    {
        if (!IsQuiet)
        {
            Bytes(text);
            End();
        }
    }

    /// <summary>A line that is told also where no answer was wanted.</summary>
    public void Loud(string text)
    {
        IsQuiet = false;
        Line(text);
    }

    public void End() => Bytes("\r\n"u8);

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= room.Length - _used)
        {
            bytes.CopyTo(room.AsSpan(_used));
            _used += bytes.Length;
        }
        else
        {
            Pass();
            connection.Output.Write(bytes);
            _passed += bytes.Length;
        }
    }

    /// <summary>Room for so many bytes, all of which are written then.</summary>
    /// <param name="count">At most what a line of the protocol has.</param>
    public Span<byte> Take(int count)
    {
        if (count > room.Length - _used)
        {
            Pass();
        }

        _used += count;
        return room.AsSpan(_used - count, count);
    }

    public void Number(ulong number)
    {
        Utf8Formatter.TryFormat(number, Take(LongestNumber), out var length);
        _used -= LongestNumber - length;
    }

    public void Number(long number)
    {
        Utf8Formatter.TryFormat(number, Take(LongestNumber), out var length);
        _used -= LongestNumber - length;
    }

    /// <summary>A value, which does not change.</summary>
    public void Value(ReadOnlyMemory<byte> value)
    {
        if (value.Length < Large)
        {
            Bytes(value.Span);
            return;
        }

        Pass();
        connection.OnNext(value);
        _passed += value.Length;
    }

    /// <summary>Lets go of what was put together, before anything is waited for.</summary>
    public void Flush()
    {
        Pass();
        _passed = 0;
    }

    private void Pass()
    {
        if (_used > 0)
        {
            connection.Output.Write(room.AsSpan(0, _used));
            _passed += _used;
            _used = 0;
        }
    }
}
