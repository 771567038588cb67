using System.Threading.Tasks.Sources;

namespace Diesel.Reactive;

/// <summary>The one wait of a pipe's end, made anew for each: answered on the thread pool.</summary>
/// <param name="gate">Whoever holds it decides whether the wait is over.</param>
internal sealed class PipeWait<T>(Lock gate) : IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> _answer = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private volatile bool _isUnderWay;

    public bool IsUnderWay => _isUnderWay;

    /// <summary>Within the gate.</summary>
    public ValueTask<T> Begin()
    {
        _answer.Reset();
        _isUnderWay = true;
        return new(this, _answer.Version);
    }

    /// <summary>Ends it when that is cancelled. Outside the gate, behind <see cref="Begin"/>.</summary>
    public void EndWhen(CancellationToken token)
    {
        if (!token.CanBeCanceled)
        {
            return;
        }

        var registration = token.UnsafeRegister(static (wait, canceled) => ((PipeWait<T>)wait!).Cancel(canceled), this);
        lock (gate)
        {
            // It may be over before its registration can be kept.
            if (_isUnderWay)
            {
                _cancellation = registration;
                return;
            }
        }

        registration.Unregister();
    }

    /// <summary>Whether it was under way, and is to be answered now by who has ended it. Within the gate.</summary>
    public bool TryEnd()
    {
        var wasUnderWay = _isUnderWay;
        _isUnderWay = false;
        _cancellation.Unregister();
        _cancellation = default;
        return wasUnderWay;
    }

    public void SetResult(T result) => _answer.SetResult(result);

    public void SetException(Exception error) => _answer.SetException(error);

    T IValueTaskSource<T>.GetResult(short token) => _answer.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken token)
    {
        lock (gate)
        {
            if (TryEnd())
            {
                SetException(new OperationCanceledException(token));
            }
        }
    }
}
