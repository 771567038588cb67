namespace Diesel.Reactive;

/// <summary>A call that is awaited, and what its reply means: <c>calls.Ask(call)</c> makes an <see cref="Awaitable{T}"/> of it.</summary>
/// <typeparam name="TReply">What the pipeline's framing decodes replies to.</typeparam>
/// <typeparam name="T">What the caller gets.</typeparam>
/// <remarks>A recipe: it holds what is asked and nothing of how it goes, as each <c>await</c> sends one like it. Sent as it is, with
/// <see cref="ICalls{TReply}.Send"/>, its reply is read and told to nobody.</remarks>
public abstract class Call<TReply, T> : Call<TReply>
{
    private IObserver<T>? _observer;

    /// <summary>Who is told; set before it is sent.</summary>
    internal IObserver<T> Observer
    {
        set => _observer = value;
    }

    internal sealed override bool IsAtLast => IsNextLast;

    internal sealed override bool IsAwaited => Volatile.Read(ref _observer) is not null;

    /// <summary>Whether the next reply is the last. Default true: there is one. Of a call that has several, <see cref="Keep"/> takes those before it, and
    /// <see cref="Call{TReply}.Write"/> begins to count.</summary>
    protected virtual bool IsNextLast => true;

    /// <summary>Takes a reply that is not the last.</summary>
    /// <param name="reply">The next one.</param>
    /// <remarks>What it throws: see <see cref="Call{TReply}.Take"/>. Called also when nobody waits any more.</remarks>
    protected virtual void Keep(TReply reply)
    {
    }

    /// <summary>Says what the reply means.</summary>
    /// <param name="reply">The one reply, or the last.</param>
    /// <returns>What the caller gets.</returns>
    /// <remarks>What it throws (the server's "no") is the caller's error, and nobody else's.</remarks>
    protected abstract T Read(TReply reply);

    /// <inheritdoc/>
    protected internal sealed override bool Take(TReply reply)
    {
        if (!IsNextLast)
        {
            Keep(reply);
            return false;
        }

        if (Volatile.Read(ref _observer) is { } observer)
        {
            Tell(observer, reply);
        }

        return true;
    }

    /// <inheritdoc/>
    protected internal sealed override void Fail(Exception error) => Telling.Error(Leave(), error, this);

    internal sealed override void LetGo() => Leave();

    internal sealed override bool TryKeep(TReply reply)
    {
        if (IsNextLast)
        {
            return false;
        }

        Keep(reply);
        return true;
    }

    internal sealed override void Expire(Exception error, TimeSpan limit)
    {
        var observer = Leave();
        GiveUp(limit);
        Telling.Error(observer, error, this);
    }

    private void Tell(IObserver<T> observer, TReply reply)
    {
        T value;
        try
        {
            value = Read(reply);
        }
        catch (Exception error)
        {
            Fail(error);
            return;
        }

        // An await is over with its value, and may be waiting for something else when this returns.
        if (observer is Suspension<T>)
        {
            Leave();
            Telling.TryNext(observer, value, this);
            return;
        }

        // Who leaves when told the value is told nothing more.
        var isUnharmed = Telling.TryNext(observer, value, this);
        var stays = Leave();
        if (isUnharmed)
        {
            Telling.Completed(stays, this);
        }
    }

    private IObserver<T>? Leave() => Interlocked.Exchange(ref _observer, null);
}
