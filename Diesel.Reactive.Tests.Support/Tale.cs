using System.Globalization;

namespace Diesel.Reactive.Tests;

/// <summary>What one end was told, in order: bytes that came one after the other are counted together, however they were cut.</summary>
internal sealed class Tale
{
    private const int Prime = 251;

    private readonly List<string> _told = [];
    private long _received;
    private long _run;

    /// <summary>Byte number <paramref name="at"/> of whatever is sent.</summary>
    public static byte ByteAt(long at) => (byte)((at * 7 % Prime) + 1);

    /// <summary>Bytes of a stream.</summary>
    /// <param name="from">How many were sent before.</param>
    /// <param name="count">How many.</param>
    public static byte[] Bytes(long from, int count) => [.. Enumerable.Range(0, count).Select(i => ByteAt(from + i))];

    public void Add(string what)
    {
        Flush();
        _told.Add(what);
    }

    public void Received(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value != ByteAt(_received++))
            {
                Add($"another byte than was sent, at {_received - 1}");
            }

            _run++;
        }
    }

    public void Received(int count) => _run += count;

    public override string ToString() => string.Join(' ', _run > 0 ? [.. _told, _run.ToString(CultureInfo.InvariantCulture)] : _told);

    private void Flush()
    {
        if (_run > 0)
        {
            _told.Add(_run.ToString(CultureInfo.InvariantCulture));
            _run = 0;
        }
    }
}
