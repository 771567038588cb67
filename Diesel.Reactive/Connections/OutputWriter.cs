using System.Buffers;

namespace Diesel.Reactive;

/// <summary><see cref="Connection.Output"/>: writes into a block that goes out when the turn ends.</summary>
/// <remarks>What was written and is no item of the queue yet is the run. Between turns there is no block, unless memory was asked for
/// and not advanced over.</remarks>
internal sealed class OutputWriter(Connection connection, Outbound output) : IBufferWriter<byte>
{
    // With nothing asked for, a sliver at the block's end is no room.
    private const int LeastRoom = 256;

    private OutputBlock? _block;
    private int _given;
    private bool _isKept;
    private bool _isReply;

    private OutputPool Pool => OutputPool.Of(connection.Hub);

    public Memory<byte> GetMemory(int sizeHint = 0) => Give(sizeHint, isKept: true);

    public Span<byte> GetSpan(int sizeHint = 0) => Give(sizeHint, isKept: false).Span;

    public void Advance(int count)
    {
        ThrowIfElsewhere();
        ThrowIfNotGiven(count);
        if (count == 0)
        {
            return;
        }

        var isReply = connection.IsReplying;
        if (isReply != _isReply)
        {
            output.EndRun();
        }

        (_given, _isKept, _isReply) = (_given - count, false, isReply);
        if (_block is { } block)
        {
            block.Used += count;
        }

        output.Wrote(count, isReply);
    }

    /// <summary>Takes the run as an item for the queue.</summary>
    public bool TryTakeRun(out OutputItem run)
    {
        run = default;
        if (_block is not { } block || block.Begin == block.Used)
        {
            return false;
        }

        run = new OutputItem(block.Bytes.AsMemory(block.Begin, block.Used - block.Begin)) { Origin = block.Held(), IsReply = _isReply };
        block.Begin = block.Used;
        return true;
    }

    /// <summary>What was written goes nowhere.</summary>
    public void DropRun()
    {
        if (_block is { } block)
        {
            block.Begin = block.Used;
        }
    }

    /// <summary>The turn ends: a block is let go of, unless somebody still writes into it.</summary>
    public void EndTurn()
    {
        if (!_isKept)
        {
            _block?.Release(Pool);
            (_block, _given) = (null, 0);
        }
    }

    /// <summary>The connection is over. A block that somebody may still write into is not used again.</summary>
    public void Close() => (_block, _isKept) = (null, false);

    private Memory<byte> Give(int least, bool isKept)
    {
        ThrowIfElsewhere();
        ArgumentOutOfRangeException.ThrowIfNegative(least, "sizeHint");
        output.FlushLater();
        if (_block is null || _block.Free < (least == 0 ? LeastRoom : least))
        {
            Renew(least);
        }

        (_given, _isKept) = (_block!.Free, isKept);
        return _block.Bytes.AsMemory(_block.Used);
    }

    // The more is written in a turn, the larger are its blocks, and the fewer.
    private void Renew(int least)
    {
        output.EndRun();
        var before = _block;
        _block = Pool.Rent(Math.Max(least, before is null ? 0 : Math.Min(2 * before.Bytes.Length, OutputPool.MostPooled))).Held();
        before?.Release(Pool);
    }

    private void ThrowIfElsewhere()
    {
        if (!connection.Hub.IsCurrent)
        {
            throw new InvalidOperationException(
                $"The output of {connection} is written on its hub's thread. Write in a handler, a loop or hub.Post, or use OnNext or Send, which any thread may.");
        }
    }

    private void ThrowIfNotGiven(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > _given)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, _given == 0
                ? "No memory is given out. Ask GetSpan or GetMemory, write, and advance; a span is good for its turn only."
                : $"Only {_given} bytes were given out. Ask GetSpan or GetMemory for more.");
        }
    }
}
