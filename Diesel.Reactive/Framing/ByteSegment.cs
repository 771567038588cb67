using System.Buffers;

namespace Diesel.Reactive;

/// <summary>Two pieces of memory that are read as one.</summary>
internal sealed class ByteSegment : ReadOnlySequenceSegment<byte>
{
    private ByteSegment(ReadOnlyMemory<byte> memory, long runningIndex) => (Memory, RunningIndex) = (memory, runningIndex);

    public static ReadOnlySequence<byte> Sequence(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        var (head, tail) = (new ByteSegment(first, 0), new ByteSegment(second, first.Length));
        head.Next = tail;
        return new(head, 0, tail, second.Length);
    }
}
