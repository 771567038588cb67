using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.AspNetCore;

/// <summary>A connection whose requests are answered on the thread pool: those that came together one after the other on one of its threads, and what they were
/// answered goes back to the hub together.</summary>
internal sealed class SessionOnPool(Func<HubSession, HubRequest> make, ServedEndPoint served, Hub hub) : HubSession(make, served, hub), IThreadPoolWorkItem
{
    // An answer waits so long at most for those behind it.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new();

    // On the hub: whose turn it will be. Behind the gate: who is to be run.
    private readonly Queue<HubRequest> _foreseen = new();
    private readonly Queue<HubRequest> _waiting = new();
    private HubRequest? _current;
    private Deadline? _patience;
    private bool _isRunning;
    private bool _isEnding;
    private bool _isOver;

    // Of the thread that runs them, while it does: others have theirs sent at once.
    private int _thread;
    private bool _hasAnswers;

    public override bool ForeseesRequests => true;

    public override void Ask(HttpRequest request, HttpAnswer answer)
    {
        var isForeseen = _foreseen.TryPeek(out var first) && first.Http == request;
        var asked = _current = isForeseen ? _foreseen.Dequeue() : Rent(request);
        asked.Response.Sending.Answer = answer;
        if (GoesOn(asked) || !isForeseen)
        {
            RunSoon(asked);
        }

        asked.Response.Sending.Push();
        if (asked.Http == request && !asked.Response.Sending.HasBegun)
        {
            answer.Hold(request, asked);
        }
    }

    public override void Foresee(HttpRequest request, bool isWhole)
    {
        if (isWhole)
        {
            var foreseen = Rent(request);
            _foreseen.Enqueue(foreseen);
            RunSoon(foreseen);
            _patience ??= new Deadline(Hub, static session => ((SessionOnPool)session!).PushWhileSomeRun(), this);
            if (!_patience.IsActive)
            {
                _patience.Reset(Patience);
            }
        }
    }

    public override void End()
    {
        lock (_gate)
        {
            _isOver = true;
            _waiting.Clear();
        }

        _current = null;
        _patience?.Cancel();
        while (_foreseen.TryDequeue(out var request))
        {
            request.Dispose();
        }
    }

    public override void PushLater(ResponseSending sending, bool isWhole)
    {
        if (isWhole && _thread == Environment.CurrentManagedThreadId)
        {
            _hasAnswers = true;
        }
        else
        {
            base.PushLater(sending, isWhole);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        _thread = Environment.CurrentManagedThreadId;
        while (TryNext(out var request))
        {
            var run = request.Run();
            if (!run.IsCompleted)
            {
                PushOnHub(TakeAnswers());
                GoOnBehind(run, request);
                return;
            }

            EndIfLast(request);
        }
    }

    private bool TryNext([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out HubRequest? request)
    {
        bool hasAnswers;
        lock (_gate)
        {
            if (_waiting.TryDequeue(out request))
            {
                request.HasRun = true;
                return true;
            }

            // Before another thread may begin.
            hasAnswers = TakeAnswers();
            _isRunning = false;
        }

        // Behind the gate, which the hub wants next: where there is one core, it runs at once.
        PushOnHub(hasAnswers);
        return false;
    }

    // Others than this thread may be the one.
    private bool TakeAnswers()
    {
        var hasAnswers = _hasAnswers;
        (_thread, _hasAnswers) = (0, false);
        return hasAnswers;
    }

    private void PushOnHub(bool hasAnswers)
    {
        if (hasAnswers)
        {
            Hub.Post(static session => ((SessionOnPool)session!).Push(), this);
        }
    }

    // A method of its own: the lambda would cost all others an allocation, too.
    private void GoOnBehind(Task run, HubRequest request) => run.GetAwaiter().UnsafeOnCompleted(() => GoOn(request));

    private void GoOn(HubRequest request)
    {
        EndIfLast(request);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    // Behind the last answer of a connection nobody is answered, and so nobody is asked.
    private void EndIfLast(HubRequest request)
    {
        if (request.Response.Sending.EndsConnection)
        {
            lock (_gate)
            {
                _isEnding = true;
                _waiting.Clear();
            }
        }
    }

    // Whose turn has come although the connection was to end.
    private bool GoesOn(HubRequest request)
    {
        lock (_gate)
        {
            var goesOn = _isEnding && !request.HasRun;
            _isEnding &= !goesOn;
            return goesOn;
        }
    }

    private void RunSoon(HubRequest request)
    {
        lock (_gate)
        {
            if (_isOver || _isEnding)
            {
                return;
            }

            _waiting.Enqueue(request);
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void PushWhileSomeRun()
    {
        Push();
        if (_foreseen.Count > 0)
        {
            _patience!.Reset(Patience);
        }
    }

    // Whoever is answered has the next asked, whose answer may be there already.
    private void Push() => _current?.Response.Sending.Push();
}
