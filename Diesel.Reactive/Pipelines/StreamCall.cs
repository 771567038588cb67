namespace Diesel.Reactive;

/// <summary>A call whose replies are a stream: <c>calls.Stream(call)</c> makes an observable of it.</summary>
/// <typeparam name="TReply">What the pipeline's framing decodes replies to.</typeparam>
/// <typeparam name="T">The items the caller gets.</typeparam>
/// <remarks>Each subscription sends a copy of the instance as it was given, so its numbers may count what has come; what a field refers to is shared by the copies.</remarks>
public abstract class StreamCall<TReply, T> : Call<TReply>
{
    private IObserver<T>? _observer;
    private Items? _items;

    /// <summary>Who is told; set before it is sent.</summary>
    internal IObserver<T> Observer
    {
        set => (_observer, _items) = (value, new Items(this));
    }

    internal sealed override bool IsAwaited => Volatile.Read(ref _observer) is not null;

    /// <summary>Called on the hub when it is over, however.</summary>
    internal Action<StreamCall<TReply, T>>? Over { get; set; }

    /// <summary>Says what a reply means: any number of items.</summary>
    /// <param name="reply">The next reply.</param>
    /// <param name="items">Takes the items. Its <c>OnError</c> tells the caller what the server refused; the end is told by what is
    /// returned.</param>
    /// <returns>True: this was the last reply.</returns>
    /// <remarks>Of a call that nobody waits for any more it is called as well, as it must be known which reply is the last; items go
    /// nowhere then. What it throws: see <see cref="Call{TReply}.Take"/>.</remarks>
    protected abstract bool Read(TReply reply, IObserver<T> items);

    /// <inheritdoc/>
    protected internal sealed override bool Take(TReply reply) => Read(reply, _items ??= new Items(this));

    /// <inheritdoc/>
    protected internal sealed override void Fail(Exception error) => Telling.Error(Leave(), error, this);

    internal sealed override void Finished() => Telling.Completed(Leave(), this);

    internal sealed override void Expire(Exception error, TimeSpan limit)
    {
        var observer = Leave();
        GiveUp(limit);
        Telling.Error(observer, error, this);
    }

    internal sealed override void LetGo()
    {
        Leave();
        _items = null;
    }

    private IObserver<T>? Leave()
    {
        var observer = Interlocked.Exchange(ref _observer, null);
        if (observer is not null)
        {
            Over?.Invoke(this);
        }

        return observer;
    }

    private sealed class Items(StreamCall<TReply, T> call) : IObserver<T>
    {
        public void OnNext(T value)
        {
            if (Volatile.Read(ref call._observer) is { } observer && !Telling.TryNext(observer, value, call))
            {
                ((IDisposable)call).Dispose();
            }
        }

        public void OnError(Exception error) => Telling.Error(call.Leave(), error, call);

        public void OnCompleted() => Telling.Completed(call.Leave(), call);
    }
}
