using System.Buffers;

namespace Diesel.Reactive;

/// <summary>One request under way: written once, answered by one or more replies.</summary>
/// <typeparam name="TReply">What the pipeline's framing decodes replies to.</typeparam>
/// <remarks>
/// <para>To make a command of your own derive from <see cref="Call{TReply, T}"/> (one reply, awaited) or
/// <see cref="StreamCall{TReply, T}"/> (many replies); this class is for what fits neither. An instance is sent once.</para>
/// <para>All members are called on the hub of the pipeline, one at a time. Disposing a call abandons it, on any thread; one that
/// is over is not harmed by that.</para>
/// </remarks>
public abstract class Call<TReply> : IDisposable
{
    private object? _place;

    /// <summary>Whether it may be sent again when nobody knows whether it was carried out: reading is safe, counting up is not. Asked when
    /// its connection ended, also when a part of the replies has come: <see cref="Write"/> begins it anew. Default false.</summary>
    protected internal virtual bool IsRepeatable => false;

    /// <summary>How long the server may take by the call's own wish (a blocking command), on top of
    /// <see cref="PipelineOptions.ReplyTimeout"/>; <see cref="Timeout.InfiniteTimeSpan"/>: for ever. Default zero.</summary>
    protected internal virtual TimeSpan Wait => TimeSpan.Zero;

    /// <summary>About how many bytes <see cref="Write"/> will write, as far as they are much: what waits is bounded by
    /// <see cref="PipelineOptions.MaxQueuedBytes"/>. Default 0.</summary>
    protected internal virtual long Length => 0;

    /// <summary>Whether it was abandoned while it was in flight: its replies are read on, and are told to nobody.</summary>
    protected bool IsAbandoned => CallPlace.IsAbandoned(Place);

    /// <summary>Whether the next reply is the last, and may be taken when the call is out of the line: so that who is told finds a pipeline that
    /// is done with it.</summary>
    internal virtual bool IsAtLast => false;

    /// <summary>Whether somebody waits for it. Any thread.</summary>
    internal virtual bool IsAwaited => Place is var place && place != CallPlace.Over && !CallPlace.IsAbandoned(place);

    /// <summary>Where it stands: null before it is sent, one of <see cref="CallPlace"/>, or whoever holds it.</summary>
    internal object? Place
    {
        get => Volatile.Read(ref _place);
        set => Volatile.Write(ref _place, value);
    }

    /// <summary>Writes the request, in the turn it is sent.</summary>
    /// <param name="output">Takes the bytes; what is written may be nothing, of a call that only waits for a greeting.</param>
    /// <remarks>What it throws fails the call, of which nothing is sent then.</remarks>
    protected internal abstract void Write(IBufferWriter<byte> output);

    /// <summary>Takes a reply.</summary>
    /// <param name="reply">The next one of this call's. Also of one that was abandoned (<see cref="IsAbandoned"/>), as long as its
    /// replies have to be read.</param>
    /// <returns>True: this was its last.</returns>
    /// <remarks>What it throws fails the call and ends the connection: nobody knows which reply was its last.</remarks>
    protected internal abstract bool Take(TReply reply);

    /// <summary>There will be no reply, or no further one. Called once, and not after the last reply or when it was abandoned.</summary>
    /// <param name="error">Why: <see cref="ReplyLostException"/> when it was sent, <see cref="ConnectionException"/> when it was not,
    /// <see cref="PipelineFullException"/>, <see cref="ObjectDisposedException"/>, or what <see cref="Write"/> threw.</param>
    protected internal abstract void Fail(Exception error);

    /// <summary>Whether a reply that by its place or id is this call's is an answer to it: what else the server has to repeat (a token, a
    /// question). Default true.</summary>
    /// <param name="reply">The reply.</param>
    /// <returns>False: it is a reply that nobody asked for.</returns>
    protected internal virtual bool Answers(TReply reply) => true;

    /// <summary>Takes a push that answers this call, which is at the head of the line: the confirmation of a subscription. Default: takes
    /// none.</summary>
    /// <param name="push">What the correlation says is a push.</param>
    /// <param name="isLast">Whether the call is over with it.</param>
    /// <returns>False: it is not this call's, and goes to <see cref="Pipeline{TReply}.Unasked"/>.</returns>
    protected internal virtual bool TryTakePush(TReply push, out bool isLast)
    {
        isLast = false;
        return false;
    }

    /// <summary>Abandons it: its caller does not wait any more. Before it was written it is not written; in flight,
    /// <see cref="PipelineOptions.Abandoned"/> says what happens.</summary>
    void IDisposable.Dispose()
    {
        LetGo();
        if (Place is ICallHolder<TReply> holder)
        {
            (holder as LaterCall<TReply>)?.Leave();
            holder.Hub.Invoke(static call => ((Call<TReply>)call!).AbandonHere(), this);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Takes the instance for one sending.</summary>
    /// <exception cref="InvalidOperationException">It was sent before.</exception>
    internal void Enter(object place)
    {
        var before = Place;
        if (!MayEnter(before) || Interlocked.CompareExchange(ref _place, place, before) != before)
        {
            throw new InvalidOperationException($"{Label.Of(this)} was sent already: a call is sent once, make another one.");
        }
    }

    /// <summary>Whether the caller is the first who wants to send this instance.</summary>
    internal bool TryClaim() => Interlocked.CompareExchange(ref _place, CallPlace.Claimed, null) is null;

    /// <summary>Another one like it, which nobody has sent.</summary>
    internal Call<TReply> Again()
    {
        var other = (Call<TReply>)MemberwiseClone();
        other._place = CallPlace.Claimed;
        other.LetGo();
        return other;
    }

    /// <summary>Takes a reply of which nobody is told before others have come.</summary>
    /// <returns>False: it is not one of these, or nothing is known of it.</returns>
    internal virtual bool TryKeep(TReply reply) => false;

    /// <summary>It took its last reply, and is out of the line.</summary>
    internal virtual void Finished()
    {
    }

    /// <summary>Its time is up: it is abandoned, and then whoever waits is told, who may ask again. On the hub.</summary>
    internal virtual void Expire(Exception error, TimeSpan limit)
    {
        var isAwaited = IsAwaited;
        GiveUp(limit);
        if (isAwaited)
        {
            Telling.Fail(this, error);
        }
    }

    /// <summary>It is abandoned, because it took too long. On the hub.</summary>
    private protected void GiveUp(TimeSpan limit)
    {
        var pipeline = Place as Pipeline<TReply>;
        ((IDisposable)this).Dispose();
        pipeline?.WasLate(this, limit);
    }

    /// <summary>Whoever waits for it does not any more. Any thread.</summary>
    internal virtual void LetGo()
    {
    }

    private static bool MayEnter(object? before) =>
        before is null || before == CallPlace.Claimed || before is LaterCall<TReply> { Hub.IsCurrent: true, IsArriving: true };

    // It may have moved on the way to the hub.
    private void AbandonHere() => (Place as ICallHolder<TReply>)?.Abandon(this);
}
