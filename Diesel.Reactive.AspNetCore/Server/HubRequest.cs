using System.Collections;
using System.Reactive.Disposables;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using HttpRequest = Diesel.Reactive.Protocols.Http.HttpRequest;
using HttpResponse = Diesel.Reactive.Protocols.Http.HttpResponse;

namespace Diesel.Reactive.AspNetCore;

/// <summary>A request as an application has it: its features. To the service it is what gives the response.</summary>
/// <remarks>The application is one flow of control, on the hub or on the pool, and what it writes may come from any thread. The service calls on the hub.</remarks>
internal abstract class HubRequest : IFeatureCollection, IObservable<HttpResponse>, IDisposable, IHttpRequestLifetimeFeature, IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private Dictionary<Type, object?>? _set;
    private RareFeatures? _rare;
    private CancellationTokenSource? _aborted;
    private CancellationToken? _givenAborted;
    private TaskCompletionSource? _ended;
    private bool _hasEnded;
    private bool _isGone;

    protected HubRequest(HttpRequest request, ServedEndPoint served, Hub hub)
    {
        (Http, Served, Hub) = (request, served, hub);
        Request = new RequestFeature(this);
        Response = new ResponseFeature(this);
    }

    /// <summary>As it came.</summary>
    public HttpRequest Http { get; }

    public ServedEndPoint Served { get; }

    public Hub Hub { get; }

    public RequestFeature Request { get; }

    public ResponseFeature Response { get; }

    public bool IsReadOnly => false;

    public int Revision { get; private set; }

    /// <summary>Nobody waits for the response any more, whole or not.</summary>
    public bool IsGone => Volatile.Read(ref _isGone);

    /// <summary>Done when the application is.</summary>
    public Task Ended
    {
        get
        {
            lock (_gate)
            {
                return _hasEnded ? Task.CompletedTask : (_ended ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    CancellationToken IHttpRequestLifetimeFeature.RequestAborted
    {
        get => _givenAborted ?? Aborted();
        set => _givenAborted = value;
    }

    public object? this[Type key]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(key);
            return _set is not null && _set.TryGetValue(key, out var set) ? set
                : key.IsInstanceOfType(this) ? this
                : key.IsInstanceOfType(Request) ? Request
                : key.IsInstanceOfType(Response) ? Response
                : (_rare ??= new(this)).Find(key);
        }

        set
        {
            ArgumentNullException.ThrowIfNull(key);
            (_set ??= [])[key] = value;
            Revision++;
        }
    }

    public TFeature? Get<TFeature>() =>
        _set is null && this is TFeature own ? own : _set is null && Request is TFeature request ? request
        : _set is null && Response is TFeature response ? response : (TFeature?)this[typeof(TFeature)];

    public void Set<TFeature>(TFeature? instance) => this[typeof(TFeature)] = instance;

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator()
    {
        foreach (var key in RareFeatures.Kinds.Concat(_set?.Keys.AsEnumerable() ?? []).Distinct())
        {
            if (this[key] is { } feature)
            {
                yield return new(key, feature);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The service wants the response: the application begins.</summary>
    public IDisposable Subscribe(IObserver<HttpResponse> observer)
    {
        Response.Answer = observer;
        if (Served.Options.RunsOnHub)
        {
            _ = Run();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        // What has been answered by now is told by the body that nobody wants it any more.
        return Response.HasBegun ? Disposable.Empty : this;
    }

    void IThreadPoolWorkItem.Execute() => _ = Run();

    /// <summary>The service does not wait for it any more: it was sent, or the connection is over.</summary>
    public void Dispose()
    {
        CancellationTokenSource? aborted;
        lock (_gate)
        {
            if (_isGone)
            {
                return;
            }

            _isGone = true;
            aborted = Response.IsSent ? null : _aborted;
        }

        // First this: who waits for room goes on as if there were some, and on the hub nothing else runs until it waits again.
        if (aborted is not null)
        {
            Cancel(aborted);
        }

        Response.LetGo();
    }

    public void Abort()
    {
        Response.Reset();
        Cancel(AbortedSource());
    }

    public override string ToString() => Http.ToString();

    /// <summary>Runs the application.</summary>
    protected abstract Task ProcessAsync();

    /// <summary>Lets go of its context.</summary>
    protected abstract void Release(Exception? error);

    private async Task Run()
    {
        Exception? error = null;
        try
        {
            try
            {
                var processing = ProcessAsync();
                if (!processing.IsCompleted)
                {
                    Response.IsWaitedFor();
                }

                await processing;

                await Response.Complete();
            }
#pragma warning disable CA1031 // Whatever the application throws is its request's, and nobody else's.
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                error = thrown;
                Tell(thrown);
                Response.Fail(thrown);
            }

            Request.Release();
            End();
            if (Response.HasCompletions)
            {
                await Response.TellCompleted();
            }

            Release(error);
        }
#pragma warning disable CA1031 // There is nobody else to tell.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            ServerLog.Unhandled(Served.Logger, ToString(), thrown);
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
        }

        _ended?.TrySetResult();
    }

    private void Tell(Exception error)
    {
        if (error is BadHttpRequestException refused)
        {
            ServerLog.Refused(Served.Logger, ToString(), refused.StatusCode, refused.Message);
        }
        else if (error is not OperationCanceledException || !IsGone)
        {
            ServerLog.Unhandled(Served.Logger, ToString(), error);
        }
    }

    private CancellationToken Aborted()
    {
        CancellationTokenSource source;
        lock (_gate)
        {
            if (_aborted is { } known)
            {
                return known.Token;
            }

            source = _aborted = new();
            if (!_isGone || Response.IsSent)
            {
                return source.Token;
            }
        }

        // Nobody listens to it yet.
        source.Cancel();
        return source.Token;
    }

    private CancellationTokenSource AbortedSource()
    {
        lock (_gate)
        {
            return _aborted ??= new();
        }
    }

    // What the application does about it is not for the hub's thread, unless it runs there.
    private void Cancel(CancellationTokenSource aborted)
    {
        if (Served.Options.RunsOnHub)
        {
            Hub.Post(static source => ((CancellationTokenSource)source!).Cancel(), aborted);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), aborted, preferLocal: false);
        }
    }
}
