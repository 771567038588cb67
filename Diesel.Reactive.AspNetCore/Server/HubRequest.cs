using System.Collections;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using HttpRequest = Diesel.Reactive.Protocols.Http.HttpRequest;

namespace Diesel.Reactive.AspNetCore;

/// <summary>A request as an application has it: its features.</summary>
/// <remarks>The application is one flow of control, on the hub or on the pool, and what it writes may come from any thread. The service calls on the hub.
/// One whose application was done at once is the next of its connection; others are known to who knows what, and are left to the collector.</remarks>
internal abstract class HubRequest : IFeatureCollection, IDisposable, IHttpRequestLifetimeFeature, IEndpointFeature, IRouteValuesFeature
{
    private readonly Lock _gate = new();
    private readonly RequestAborted _aborted;
    private FeatureSet _set;
    private RareFeatures? _rare;
    private CancellationToken? _givenAborted;
    private TaskCompletionSource? _ended;
    private RouteValueDictionary? _routeValues;
    private bool _hasEnded;
    private bool _isFinished;
    private bool _isGone;

    protected HubRequest(HubSession session)
    {
        (Session, _aborted) = (session, new RequestAborted(session));
        Request = new RequestFeature(this);
        Response = new ResponseFeature(this);
        Label = new EndpointLabel(this);
    }

    /// <summary>As it came.</summary>
    public HttpRequest Http { get; private set; } = null!;

    /// <summary>Of its connection.</summary>
    public HubSession Session { get; }

    public ServedEndPoint Served => Session.Served;

    public Hub Hub => Session.Hub;

    /// <summary>What it runs, as who reports a hub that is held up names it.</summary>
    public object Label { get; }

    /// <summary>Somebody has begun to answer it.</summary>
    public bool HasRun { get; set; }

    /// <summary>The application has ended, and all that was to be told then has been.</summary>
    public bool IsFinished { get => Volatile.Read(ref _isFinished); private set => Volatile.Write(ref _isFinished, value); }

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

    Endpoint? IEndpointFeature.Endpoint { get; set; }

    RouteValueDictionary IRouteValuesFeature.RouteValues { get => _routeValues ??= []; set => _routeValues = value; }

    CancellationToken IHttpRequestLifetimeFeature.RequestAborted
    {
        get => _givenAborted ?? _aborted.Token;
        set => _givenAborted = value;
    }

    public object? this[Type key]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(key);
            return _set.TryGet(key, out var set) ? set
                : key.IsInstanceOfType(this) ? this
                : key.IsInstanceOfType(Request) ? Request
                : key.IsInstanceOfType(Response) ? Response
                : (_rare ??= new(this)).Find(key);
        }

        set
        {
            ArgumentNullException.ThrowIfNull(key);
            _set.Set(key, value);
            Revision++;
        }
    }

    public TFeature? Get<TFeature>()
    {
        if (_set.Count > 0 && _set.TryGet(typeof(TFeature), out var set))
        {
            return (TFeature?)set;
        }

        // Each request is asked for these: a comparison of types costs less than casts to interfaces.
        object? often = typeof(TFeature) == typeof(IEndpointFeature) ? this
            : typeof(TFeature) == typeof(IHttpRequestFeature) ? Request
            : typeof(TFeature) == typeof(IHttpResponseFeature) || typeof(TFeature) == typeof(IHttpResponseBodyFeature) ? Response
            : null;
        return often is not null ? Unsafe.As<object, TFeature>(ref often) : GetRarely<TFeature>();
    }

    public void Set<TFeature>(TFeature? instance) => this[typeof(TFeature)] = instance;

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator()
    {
        foreach (var key in RareFeatures.Kinds.Concat(_set.Kinds).Distinct())
        {
            if (this[key] is { } feature)
            {
                yield return new(key, feature);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>It is this request from now on.</summary>
    public void Begin(HttpRequest http)
    {
        Http = http;
        Request.Begin();
        Response.Begin();
    }

    /// <summary>It is none any more.</summary>
    public void Forget()
    {
        Http = null!;
        _set.Clear();
        _rare?.Forget();
        _aborted.Forget();
        (_givenAborted, _ended, _routeValues, ((IEndpointFeature)this).Endpoint) = (null, null, null, null);
        (_hasEnded, _isFinished, _isGone, HasRun, Revision) = (false, false, false, false, 0);
        Request.Forget();
        Response.Forget();
    }

    /// <summary>The service does not wait for it any more: it was sent, or the connection is over.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isGone, true))
        {
            return;
        }

        // First this: who waits for room goes on as if there were some, and on the hub nothing else runs until it waits again.
        if (!Response.Sending.IsOver)
        {
            _aborted.Cancel();
        }

        Response.Sending.LetGo();
    }

    public void Abort()
    {
        Response.Reset();
        _aborted.Cancel();
    }

    public override string ToString() => (Http as object)?.ToString() ?? "a request that is over";

    /// <summary>The application itself.</summary>
    protected abstract Task ProcessAsync();

    /// <summary>Lets go of its context.</summary>
    protected abstract void Release(Exception? error);

    /// <summary>Runs the application.</summary>
    /// <returns>Done when all is over here; the response may be on its way. Never fails.</returns>
    public async Task Run()
    {
        Exception? error = null;
        try
        {
            try
            {
                var processing = ProcessAsync();
                if (!processing.IsCompleted)
                {
                    Response.Sending.IsWaitedFor();
                }

                await processing;
                await Response.CompleteAsync();
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
            IsFinished = true;
        }
#pragma warning disable CA1031 // There is nobody else to tell.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            ServerLog.Unhandled(Served.Logger, ToString(), thrown);
        }
    }

    private TFeature? GetRarely<TFeature>() =>
        this is TFeature own ? own
        : Request is TFeature request ? request
        : Response is TFeature response ? response
        : (TFeature?)(_rare ??= new(this)).Find(typeof(TFeature));

    // Only who has the connection as a stream waits for it.
    private void End()
    {
        if (!Response.IsUpgraded)
        {
            return;
        }

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

    private sealed class EndpointLabel(HubRequest request)
    {
        public override string ToString() => ((IEndpointFeature)request).Endpoint is { DisplayName: { } name } ? $"{name} for {request}" : request.ToString();
    }
}
