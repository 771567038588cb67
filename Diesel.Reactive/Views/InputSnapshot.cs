using System.Buffers;

namespace Diesel.Reactive;

/// <summary>What was unread of a connection's input at one time.</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="Begin">The position in the stream where that begins.</param>
/// <param name="IsEnded">Whether nothing comes behind it.</param>
internal readonly record struct InputSnapshot(ReadOnlySequence<byte> Bytes, long Begin, bool IsEnded)
{
    /// <summary>The position behind its last byte.</summary>
    public long End => Begin + Bytes.Length;

    /// <summary>The same from a later position on. Without bytes, it holds no memory.</summary>
    public InputSnapshot From(long begin) =>
        begin >= End ? new InputSnapshot(default, begin, IsEnded)
        : begin > Begin ? this with { Bytes = Bytes.Slice(begin - Begin), Begin = begin }
        : this;

    /// <summary>How far into it a position is.</summary>
    /// <exception cref="InvalidOperationException">It is none of this.</exception>
    public long OffsetOf(SequencePosition position)
    {
        try
        {
            return Bytes.Slice(Bytes.Start, position).Length;
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new InvalidOperationException("The position is none of the buffer that was read last.", error);
        }
    }
}
