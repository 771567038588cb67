using System.Net.Sockets;

namespace Diesel.Reactive.Testing;

/// <summary>A read or write of a scripted stream, done at once or when the peer lets it. One at a time.</summary>
internal sealed class DuplexWait(DuplexEnd end, string what)
{
    private TaskCompletionSource<int>? _waiting;
    private Func<int?>? _attempt;
    private CancellationTokenRegistration _cancellation;

    /// <summary>Tries; where the answer is null, tries again whenever something changes.</summary>
    public ValueTask<int> Begin(Func<int?> attempt, CancellationToken cancellation)
    {
        if (_waiting is not null)
        {
            throw new InvalidOperationException($"A {what} is under way: await it before the next one.");
        }

        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellation);
        }

        try
        {
            if (attempt() is { } done)
            {
                return new(done);
            }
        }
        catch (Exception error)
        {
            return ValueTask.FromException<int>(error);
        }

        (_attempt, _waiting) = (attempt, new());
        var task = _waiting.Task;
        _cancellation = cancellation.UnsafeRegister(static (wait, token) => ((DuplexWait)wait!).End(waiting => waiting.SetCanceled(token)), this);
        return new(task);
    }

    public void LookAgain()
    {
        try
        {
            if (_attempt?.Invoke() is { } done)
            {
                End(waiting => waiting.SetResult(done));
            }
        }
        catch (Exception error)
        {
            End(waiting => waiting.SetException(error));
        }
    }

    /// <summary>The stream was disposed while this waited.</summary>
    public void BreakOff() => End(waiting => waiting.SetException(
        ConnectionException.Lost(end.LocalEndPoint, end.RemoteEndPoint, SocketError.OperationAborted)));

    private void End(Action<TaskCompletionSource<int>> complete)
    {
        if (_waiting is { } waiting)
        {
            (_attempt, _waiting) = (null, null);
            _cancellation.Unregister();
            Pump.RunOutside(_ => complete(waiting), null);
        }
    }
}
