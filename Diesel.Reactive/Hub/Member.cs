using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>One source of a <see cref="Gathering{TValues, TResult}"/>, with what keeps its value.</summary>
internal abstract class Member<TValues>
{
    /// <summary>The hub the source lives on, if it is bound to one.</summary>
    public abstract Hub? Home { get; }

    public abstract Seat<TValues> Seat(IGathering<TValues> gathering);
}

/// <summary>What a source tells a wait for several.</summary>
internal interface IGathering<TValues>
{
    TValues Values { get; }

    /// <summary>One more value was kept.</summary>
    void Kept();

    void Fail(Exception error);

    /// <summary>One ended without a value.</summary>
    void Lacks(Seat<TValues> seat, string why);
}

/// <summary>The wait for one source in a wait for several: until its first value.</summary>
internal abstract class Seat<TValues> : IDisposable
{
    public abstract void Take();

    public abstract void Dispose();
}

/// <summary>Makes members.</summary>
internal static class Member
{
    public static Member<TValues> Of<T, TValues>(IObservable<T> source, Action<TValues, T> keep) => new Source<T, TValues>(source, keep);

    private sealed class Source<T, TValues>(IObservable<T> source, Action<TValues, T> keep) : Member<TValues>
    {
        public override Hub? Home => (source as Awaitable<T>)?.Home;

        public override Seat<TValues> Seat(IGathering<TValues> gathering) => new Waiting<T, TValues>(gathering, source, keep);

        public override string ToString() => source.ToString()!;
    }

    private sealed class Waiting<T, TValues>(IGathering<TValues> gathering, IObservable<T> source, Action<TValues, T> keep)
        : Seat<TValues>, IObserver<T>, IToldWhy
    {
        private SingleAssignmentDisposableValue _subscription;
        private int _over;

        public override void Take() => _subscription.Disposable = source.Subscribe(this);

        public override void Dispose()
        {
            Volatile.Write(ref _over, 1);
            _subscription.Dispose();
        }

        public void OnNext(T value)
        {
            if (IsFirst)
            {
                keep(gathering.Values, value);
                _subscription.Dispose();
                gathering.Kept();
            }
        }

        public void OnError(Exception error)
        {
            if (IsFirst)
            {
                gathering.Fail(error);
            }
        }

        public void OnCompleted() => OnEnded($"{source} ended without a value");

        public void OnEnded(string why)
        {
            if (IsFirst)
            {
                gathering.Lacks(this, why);
            }
        }

        private bool IsFirst => Interlocked.Exchange(ref _over, 1) == 0;
    }
}
