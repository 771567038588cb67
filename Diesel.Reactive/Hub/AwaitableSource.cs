using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>A promise: an <see cref="Awaitable{T}"/> whose one outcome somebody else sets, now or later.</summary>
/// <typeparam name="T">The value's type.</typeparam>
/// <remarks>Hot: set once, the outcome is there for everybody who comes, also afterwards. Any thread. Observers are told on the thread
/// that sets it; an <c>await</c> resumes where it was awaited, on a hub in its loop. Source: <see cref="TaskCompletionSource{T}"/>.</remarks>
public sealed class AwaitableSource<T> : Awaitable<T>
{
    private readonly object? _description;
    private readonly Action? _abandoned;
    private readonly Hub? _home;

    // Nobody; one observer; several, as an array; or how it came out.
    private object? _state;
    private int _claimed;
    private T _value = default!;

    /// <summary>Makes a promise that nobody has kept yet.</summary>
    /// <param name="description">What one waits for, as errors show it; null: "a promise".</param>
    /// <param name="abandoned">Called when the last observer has left before the outcome; the outcome is then an
    /// <see cref="OperationCanceledException"/>. Null: it stays open.</param>
    public AwaitableSource(string? description = null, Action? abandoned = null) => (_description, _abandoned) = (description, abandoned);

    /// <summary>One that lives on a hub; described by <paramref name="description"/> when somebody asks.</summary>
    internal AwaitableSource(Hub? home, Action? abandoned, object description) => (_home, _abandoned, _description) = (home, abandoned, description);

    /// <summary>Whether the outcome is there.</summary>
    public bool IsCompleted => Volatile.Read(ref _state) is Outcome;

    internal override Hub? Home => _home;

    /// <summary>Whether somebody waits.</summary>
    internal bool IsObserved => Volatile.Read(ref _state) is not (null or Outcome);

    /// <summary>Sets the value.</summary>
    /// <param name="value">What everybody gets.</param>
    /// <returns>False when the outcome was set before.</returns>
    public bool TrySetResult(T value)
    {
        if (!TryClaim())
        {
            return false;
        }

        _value = value;
        Tell(Outcome.Value);
        return true;
    }

    /// <summary>Sets an error.</summary>
    /// <param name="error">What everybody gets.</param>
    /// <returns>False when the outcome was set before.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="error"/> is null.</exception>
    public bool TrySetException(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (!TryClaim())
        {
            return false;
        }

        Tell(new Outcome(error));
        return true;
    }

    /// <inheritdoc/>
    public override IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (state is Outcome outcome)
            {
                Tell(observer, outcome);
                return Disposable.Empty;
            }

            if (Interlocked.CompareExchange(ref _state, With(state, observer), state) == state)
            {
                return new Subscription(this, observer);
            }
        }
    }

    /// <summary>What one waits for.</summary>
    public override string ToString() => _description?.ToString() ?? "a promise";

    /// <inheritdoc/>
    protected internal override bool TryTake(out T value)
    {
        var there = Volatile.Read(ref _state) == Outcome.Value;
        value = there ? _value : default!;
        return there;
    }

    private static object With(object? state, IObserver<T> observer) => state switch
    {
        null => observer,
        IObserver<T>[] several => (IObserver<T>[])[.. several, observer],
        _ => new[] { (IObserver<T>)state, observer },
    };

    private static object? Without(object state, IObserver<T> observer)
    {
        if (state is not IObserver<T>[] several)
        {
            return state == observer ? null : state;
        }

        var at = Array.IndexOf(several, observer);
        return at < 0 ? several : several.Length == 2 ? several[1 - at] : several.Where((_, i) => i != at).ToArray();
    }

    private bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

    // One observer that throws keeps the others from nothing; whoever sets the outcome is told afterwards.
    private void Tell(Outcome outcome)
    {
        var observers = Interlocked.Exchange(ref _state, outcome);
        if (observers is IObserver<T> one)
        {
            Tell(one, outcome);
        }
        else if (observers is IObserver<T>[] several)
        {
            TellEach(several, outcome);
        }
    }

    private void TellEach(IObserver<T>[] observers, Outcome outcome)
    {
        List<Exception>? thrown = null;
        foreach (var observer in observers)
        {
            try
            {
                Tell(observer, outcome);
            }
            catch (Exception error)
            {
                (thrown ??= []).Add(error);
            }
        }

        if (thrown is not null)
        {
            throw new AggregateException(thrown);
        }
    }

    private void Tell(IObserver<T> observer, Outcome outcome)
    {
        if (outcome.Error is { } error)
        {
            observer.OnError(error);
            return;
        }

        observer.OnNext(_value);
        observer.OnCompleted();
    }

    private void Leave(IObserver<T> observer)
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (state is null or Outcome)
            {
                return;
            }

            var without = Without(state, observer);
            if (Interlocked.CompareExchange(ref _state, without, state) == state)
            {
                if (without is null && state != without && _abandoned is not null && TrySetException(new OperationCanceledException($"Nobody waits for {this} any more.")))
                {
                    _abandoned();
                }

                return;
            }
        }
    }

    private sealed class Outcome(Exception? error)
    {
        public static readonly Outcome Value = new(null);

        public Exception? Error => error;
    }

    private sealed class Subscription(AwaitableSource<T> source, IObserver<T> observer) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                source.Leave(observer);
            }
        }
    }
}
