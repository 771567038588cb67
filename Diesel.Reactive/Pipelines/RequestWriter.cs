using System.Buffers;

namespace Diesel.Reactive;

/// <summary>Writes calls to a connection: each first by itself, so that one that fails in the middle leaves nothing behind.</summary>
internal sealed class RequestWriter<TReply>(Connection connection)
{
    private const int MostKept = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare;

    private ArrayBufferWriter<byte>? _draft;
    private Call<TReply>? _seenHead;
    private long _seen;

    /// <summary>Whose request is being written now.</summary>
    public Call<TReply>? Writing { get; private set; }

    /// <summary>Bytes the transport has taken.</summary>
    public long Sent => connection.Life.Output.SentTotal;

    /// <summary>Bytes that may have left, though the transport has not said so.</summary>
    public long MaybeSent => Sent + (connection.Feature<ISendsLater>()?.Uncounted ?? 0);

    private long Written => Sent + connection.PendingBytes;

    /// <summary>Writes a request, to be sent or discarded.</summary>
    /// <returns>What it threw; null: it is ready.</returns>
    public Exception? Draft(Call<TReply> call)
    {
        // Another one, where a call that is being written makes another pipeline write.
        (_draft, _spare) = (_spare ?? new(), null);
        Writing = call;
        try
        {
            call.Write(_draft);
            return null;
        }
        catch (Exception thrown)
        {
            return thrown;
        }
        finally
        {
            Writing = null;
        }
    }

    /// <summary>Where it will stand in the output.</summary>
    public Standing<TReply> PlaceOf(Call<TReply> call) => new(call, Written, Written + _draft!.WrittenCount);

    public void Send()
    {
        if (_draft!.WrittenCount > 0)
        {
            connection.Output.Write(_draft.WrittenSpan);
        }

        Discard();
    }

    public void Discard()
    {
        _draft!.ResetWrittenCount();
        _spare = _draft.Capacity <= MostKept ? _draft : null;
        _draft = null;
    }

    /// <summary>Whether more of the same request has left since this was asked last.</summary>
    public bool HasMoved(in Standing<TReply> head)
    {
        var moved = head.Call == _seenHead && Sent > _seen && head.To > _seen;
        (_seenHead, _seen) = (head.Call, Sent);
        return moved;
    }
}
