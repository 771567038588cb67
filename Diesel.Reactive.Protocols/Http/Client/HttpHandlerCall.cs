using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>A request of HttpClient, whose answer is its task.</summary>
/// <remarks>One that was begun on the hub, and that nobody can cancel any more, is used again for the next.</remarks>
internal sealed class HttpHandlerCall(HttpHandlerCalls calls, Hub hub) : IObserver<HttpReply>, IThreadPoolWorkItem
{
    // Its task alone is what somebody else has of it.
    private AsyncTaskMethodBuilder<HttpResponseMessage> _task;
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancellation;
    private HttpRequestMessage? _request;
    private HttpCall? _call;
    private object? _outcome;
    private bool _isOfHub;
    private int _isOver;

    /// <summary>The next that stands by to be used, or that is young.</summary>
    public HttpHandlerCall? Next { get; set; }

    /// <summary>The one before it of those that are young.</summary>
    public HttpHandlerCall? Previous { get; set; }

    /// <summary>When it began, while it is young.</summary>
    public long? Began { get; set; }

    public Task<HttpResponseMessage> Begin(HttpRequestMessage request, HttpCall call, CancellationToken cancellation)
    {
        _task = AsyncTaskMethodBuilder<HttpResponseMessage>.Create();
        (_request, _call, _cancellation, _registration, _outcome, _isOver) = (request, call, cancellation, default, null, 0);

        // A test's thread is the hub's: whoever goes on from the pool would have to be waited for.
        _isOfHub = hub.IsCurrent || hub.IsVirtual;
        var task = _task.Task;
        call.Begin(this, isToldOnce: true);
        if (!cancellation.CanBeCanceled || Volatile.Read(ref _isOver) != 0)
        {
            return task;
        }

        if (hub.IsCurrent)
        {
            calls.Add(this);
        }
        else
        {
            Register();
        }

        return task;
    }

    /// <summary>It may take its time: from now on it hears at once that nobody wants it any more.</summary>
    public void Register()
    {
        if (_cancellation.IsCancellationRequested)
        {
            GiveUp();
            return;
        }

        _registration = _cancellation.UnsafeRegister(static call => ((HttpHandlerCall)call!).GiveUp(), this);
        if (Volatile.Read(ref _isOver) != 0)
        {
            _registration.Unregister();
        }
    }

    public void OnNext(HttpReply value)
    {
        var (call, isUncancelled) = (_call!, TryUnregister());
        _call = null;
        if (_cancellation.IsCancellationRequested)
        {
            GiveUp();
        }

        if (Interlocked.Exchange(ref _isOver, 1) != 0)
        {
            value.Dispose();
            return;
        }

        object outcome;
        try
        {
            outcome = HttpReplyTranslation.MessageOf(value, call, _request!, calls.Names);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException)
        {
            value.Dispose();
            outcome = HttpErrors.OfRequest(error);
        }

        End(outcome, isUncancelled);
    }

    public void OnError(Exception error)
    {
        var isUncancelled = TryUnregister();
        _call = null;
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            End(HttpErrors.OfRequest(error), isUncancelled);
        }
    }

    public void OnCompleted()
    {
    }

    /// <summary>Off the hub's thread: whoever waits is not of the hub.</summary>
    public void Execute() => Set(ref _task, _outcome!);

    // Nobody can cancel it from now on.
    private bool TryUnregister()
    {
        if (Began is not null)
        {
            calls.Remove(this);
            return true;
        }

        return !_cancellation.CanBeCanceled || _registration.Unregister();
    }

    private void End(object outcome, bool isUncancelled)
    {
        if (!_isOfHub)
        {
            _outcome = outcome;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }

        // Before anybody is told: who is, and asks again, finds it.
        var task = _task;
        if (isUncancelled)
        {
            (_request, _cancellation, _registration, _task) = (null, default, default, default);
            calls.Keep(this);
        }

        HubTask.GoOn(static (task, outcome) => Set(ref task, outcome), task, outcome);
    }

    // On whatever thread: the connection ends before anybody is told, as who is may block that thread.
    private void GiveUp()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
        {
            return;
        }

        _outcome = new OperationCanceledException(_cancellation);
        if (!_isOfHub)
        {
            hub.Within(Leave);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else if (!hub.Within(LeaveAndTell))
        {
            Execute();
        }
    }

    private void Leave() => _call?.Dispose();

    private void LeaveAndTell()
    {
        Leave();
        HubTask.GoOn(static (task, outcome) => Set(ref task, outcome), _task, _outcome!);
    }

    private static void Set(ref AsyncTaskMethodBuilder<HttpResponseMessage> task, object outcome)
    {
        if (outcome is HttpResponseMessage message)
        {
            task.SetResult(message);
        }
        else
        {
            task.SetException((Exception)outcome);
        }
    }
}
