using System.Numerics;
using System.Reactive;

namespace Diesel.Reactive;

/// <summary>What the connections of a hub use for the time of a turn, or while output waits, and share otherwise: an idle connection
/// has none of it. The hub's thread only.</summary>
internal sealed class OutputPool
{
    /// <summary>The largest block that is used again.</summary>
    public const int MostPooled = 64 * 1024;

    private const int LeastBlock = 4 * 1024;
    private const int MostBytes = 1024 * 1024;
    private const int MostQueues = 256;
    private const int MostItems = 64;

    private readonly OutputBlock?[] _blocks = new OutputBlock?[BitOperations.Log2(MostPooled / LeastBlock) + 1];
    private OutputQueue? _queue;
    private int _bytes;
    private int _queues;

    /// <summary>What is handed over in one call.</summary>
    public OutputBatch Batch { get; } = new();

    /// <summary>Those whose bytes are sent, and who are to be told so when the flush is over.</summary>
    public Queue<AwaitableSource<Unit>> Sent { get; } = new();

    public static OutputPool Of(Hub hub) => (OutputPool)(hub.OutputPool ??= new OutputPool());

    /// <summary>A block of at least so many bytes.</summary>
    public OutputBlock Rent(int least)
    {
        if (least > MostPooled)
        {
            return new OutputBlock(least);
        }

        var size = Math.Max(LeastBlock, (int)BitOperations.RoundUpToPowerOf2((uint)least));
        ref var top = ref Top(size);
        if (top is not { } block)
        {
            return new OutputBlock(size);
        }

        (top, block.Below) = (block.Below, null);
        _bytes -= size;
        return block;
    }

    public void Return(OutputBlock block)
    {
        var size = block.Bytes.Length;
        if (size <= MostPooled && _bytes + size <= MostBytes)
        {
            ref var top = ref Top(size);
            (block.Below, top) = (top, block);
            _bytes += size;
        }
    }

    public OutputQueue RentQueue()
    {
        if (_queue is not { } queue)
        {
            return new OutputQueue();
        }

        (_queue, queue.Below) = (queue.Below, null);
        _queues--;
        return queue;
    }

    /// <summary>An empty queue. One that was long is not kept.</summary>
    public void Return(OutputQueue queue)
    {
        if (_queues < MostQueues && queue.Capacity <= MostItems)
        {
            (queue.Below, _queue) = (_queue, queue);
            _queues++;
        }
    }

    private ref OutputBlock? Top(int size) => ref _blocks[BitOperations.Log2((uint)(size / LeastBlock))];
}
