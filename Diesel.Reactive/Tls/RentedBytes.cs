using System.Buffers;

namespace Diesel.Reactive;

/// <summary>Bytes that wait to be sent, in memory that is rented as long as there are any.</summary>
/// <remarks>A mutable struct: keep it in a field that is not readonly.</remarks>
internal struct RentedBytes
{
    private byte[]? _bytes;
    private int _start;
    private int _end;

    public readonly int Length => _end - _start;

    public readonly ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, Length);

    /// <summary>Has room for so many more, so that it need not grow by the way.</summary>
    public void Reserve(int more)
    {
        if (_bytes is null || _bytes.Length - _end < more)
        {
            Grow(more);
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Appends all of another's, which has none then.</summary>
    public void Take(ref RentedBytes other)
    {
        if (Length == 0)
        {
            (this, other) = (other, this);
        }
        else
        {
            Append(other.Span);
            other.Clear();
        }
    }

    public void Advance(int count)
    {
        _start += count;
        if (_start == _end)
        {
            Clear();
        }
    }

    public void Clear()
    {
        if (_bytes is { } bytes)
        {
            this = default;
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Grow(int more)
    {
        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(Length + more, 2 * Length));
        var length = Length;
        Span.CopyTo(grown);
        Clear();
        (_bytes, _start, _end) = (grown, 0, length);
    }
}
