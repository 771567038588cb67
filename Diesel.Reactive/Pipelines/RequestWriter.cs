using System.Buffers;

namespace Diesel.Reactive;

/// <summary>Writes calls to a connection: each first by itself, so that one that fails in the middle leaves nothing behind.</summary>
internal sealed class RequestWriter<TReply>(Connection connection)
{
    private const int MostKept = 64 * 1024;

    // One more call of the system is little beside what a peer has to do for so much.
    private const int Beginning = 4 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare;

    private ArrayBufferWriter<byte>? _draft;
    private Call<TReply>? _seenHead;
    private long _seen;
    private long _begun = -1;

    /// <summary>Whose request is being written now.</summary>
    public Call<TReply>? Writing { get; private set; }

    /// <summary>Whose request is being handed to the connection now.</summary>
    public Call<TReply>? Sending { get; private set; }

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

    /// <summary>Sends what was drafted, at the end of the turn; where that has much to say, its beginning goes at once, and the peer works on it while the rest is written.</summary>
    public void Send(Call<TReply> call)
    {
        Sending = call;
        if (_draft!.WrittenCount > 0)
        {
            connection.Output.Write(_draft.WrittenSpan);
        }

        Sending = null;
        Discard();
        if (connection.PendingBytes >= Beginning)
        {
            SendBeginning();
        }
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

    // Once in a turn. While others hear that theirs was sent, the turn is at its end; and they would hear it from this connection.
    private void SendBeginning()
    {
        var hub = connection.Hub;
        if (hub.Sight.Turns != _begun && OutputPool.Of(hub).Sent.Count == 0)
        {
            _begun = hub.Sight.Turns;
            connection.Life.Output.Flush();
        }
    }
}
