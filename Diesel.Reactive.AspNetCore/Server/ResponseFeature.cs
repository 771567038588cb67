using System.IO.Pipelines;
using Diesel.Reactive.Protocols.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Diesel.Reactive.AspNetCore;

/// <summary>The response as an application has it: status and fields until it has started, what is written, and what is told before and after.</summary>
internal sealed class ResponseFeature : IHttpResponseFeature, IHttpResponseBodyFeature, IHttpResponseTrailersFeature
{
    private readonly HubRequest _request;
    private readonly FieldTable _own = new();
    private readonly ResponseHead _head = new();
    private ResponseCallbacks _starting;
    private ResponseCallbacks _completed;
    private IHeaderDictionary? _trailers;
    private Stream? _stream;
    private long _written;
    private bool _isComplete;

    public ResponseFeature(HubRequest request)
    {
        (_request, Sending) = (request, new ResponseSending(request));
        (Writer, Headers) = (new ResponseWriter(this), _own);
    }

    public int StatusCode
    {
        get;
        set
        {
            ThrowIfStarted(nameof(StatusCode));
            field = value;
        }
    } = StatusCodes.Status200OK;

    // HTTP says that nobody reads it.
    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; }

    public bool HasStarted { get; private set; }

    public ResponseWriter Writer { get; }

    /// <summary>Its way to the service.</summary>
    public ResponseSending Sending { get; }

    PipeWriter IHttpResponseBodyFeature.Writer => Writer;

    Stream IHttpResponseBodyFeature.Stream => Body;

    Stream IHttpResponseFeature.Body { get => Body; set => _stream = value; }

    IHeaderDictionary IHttpResponseTrailersFeature.Trailers { get => _trailers ??= new HeaderDictionary(); set => _trailers = value; }

    /// <summary>It is to become another protocol.</summary>
    public bool IsUpgraded { get; private set; }

    public bool HasCompletions => _completed.HasAny;

    private Stream Body => _stream ??= new ResponseStream(this, _request.Request);

    private bool MayHaveBody => HttpStatus.AllowsContent(StatusCode);

    public void OnStarting(Func<object, Task> callback, object state)
    {
        ThrowIfStarted(nameof(OnStarting));
        _starting.Add(callback, state);
    }

    public void OnCompleted(Func<object, Task> callback, object state) => _completed.Add(callback, state);

    public void DisableBuffering() { }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Body, path, offset, count, cancellationToken);

    /// <summary>A request begins.</summary>
    public void Begin() => Sending.Begin();

    /// <summary>Nothing of it is held any more.</summary>
    public void Forget()
    {
        HasStarted = false;
        (StatusCode, ReasonPhrase, Headers, _trailers, _stream, _written, _isComplete, IsUpgraded) = (StatusCodes.Status200OK, null, _own, null, null, 0, false, false);
        _own.Forget();
        _starting.Clear();
        _completed.Clear();
        Sending.Forget();
        Writer.Forget();
    }

    /// <summary>Status and fields are settled: nothing changes them any more.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (HasStarted)
        {
            return Task.CompletedTask;
        }

        var settled = Settle();
        if (!settled.IsCompletedSuccessfully)
        {
            return StartBehind(settled);
        }

        Sending.Add(Writer.Take());
        return Task.CompletedTask;
    }

    /// <summary>The same, and nothing is sent yet: another protocol is to begin.</summary>
    public ValueTask BeginUpgrade()
    {
        if (HasStarted)
        {
            throw new InvalidOperationException("The response has started, and cannot become another protocol.");
        }

        (StatusCode, IsUpgraded) = (StatusCodes.Status101SwitchingProtocols, true);
        return Settle();
    }

    /// <summary>Bytes are written.</summary>
    /// <exception cref="InvalidOperationException">The response has no such bytes.</exception>
    public void Count(int bytes)
    {
        if (bytes == 0)
        {
            return;
        }

        if (!MayHaveBody)
        {
            throw new InvalidOperationException($"A response with status {StatusCode} has no body that could be written.");
        }

        if (_isComplete)
        {
            throw new InvalidOperationException("The response is complete: nothing more can be written.");
        }

        if (Headers.ContentLength is { } length && _written + bytes > length)
        {
            throw new InvalidOperationException($"Response Content-Length mismatch: too many bytes written ({_written + bytes} of {length}).");
        }

        _written += bytes;
    }

    /// <summary>Has what was written sent, and waits while too much is on its way.</summary>
    public ValueTask<FlushResult> Flush(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        }

        if (!HasStarted)
        {
            var settled = Settle();
            if (!settled.IsCompletedSuccessfully)
            {
                return FlushBehind(settled, cancellationToken);
            }
        }

        Sending.Add(Writer.Take());
        return Sending.Room(cancellationToken);
    }

    /// <summary>The application has written all.</summary>
    public Task CompleteAsync()
    {
        if (_isComplete)
        {
            return Task.CompletedTask;
        }

        if (!HasStarted)
        {
            var settled = Settle();
            if (!settled.IsCompletedSuccessfully)
            {
                return CompleteBehind(settled);
            }
        }

        Finish();
        return Task.CompletedTask;
    }

    /// <summary>The application has failed: nobody is told so who has part of the response, but by its end.</summary>
    public void Fail(Exception error)
    {
        var status = error is BadHttpRequestException refused && EndsRequest(refused.StatusCode) ? refused.StatusCode : StatusCodes.Status500InternalServerError;

        // What logs and measures the request is told the status that is sent.
        if (!HasStarted)
        {
            StatusCode = status;
        }

        _isComplete = true;
        Writer.Clear();
        Sending.Fail(error, status);
        HasStarted = true;
    }

    /// <summary>The connection is reset.</summary>
    public void Reset()
    {
        _isComplete = true;
        Sending.Reset();
    }

    /// <summary>Another protocol begins, with status and fields as they are.</summary>
    public void Upgrade(TaskCompletionSource<Stream> opened)
    {
        _isComplete = true;
        Sending.Upgrade(opened);
    }

    /// <summary>The response is out: what a callback throws ends nothing any more.</summary>
    public ValueTask TellCompleted() => _completed.Call(error => ServerLog.Unhandled(_request.Served.Logger, _request.ToString(), error));

    private static bool EndsRequest(int status) => status is >= 200 and <= 599;

    private async Task StartBehind(ValueTask settled)
    {
        await settled;
        Sending.Add(Writer.Take());
    }

    private async ValueTask<FlushResult> FlushBehind(ValueTask settled, CancellationToken cancellationToken)
    {
        await settled;
        return await Flush(cancellationToken);
    }

    private async Task CompleteBehind(ValueTask settled)
    {
        await settled;
        Finish();
    }

    private ValueTask Settle()
    {
        if (_starting.HasAny)
        {
            return SettleBehindCallbacks();
        }

        Freeze();
        return default;
    }

    private async ValueTask SettleBehindCallbacks()
    {
        await _starting.Call();
        if (!HasStarted)
        {
            Freeze();
        }
    }

    private void Freeze()
    {
        if (!EndsRequest(StatusCode) && !IsUpgraded)
        {
            throw new InvalidOperationException($"{StatusCode} is no status that a response can have: 200 to 599.");
        }

        _head.Write(Headers);
        Sending.Settle(StatusCode, _head.Lines, MayHaveBody ? Headers.ContentLength : null, _head.Closes);
        (HasStarted, _own.IsReadOnly) = (true, true);
    }

    private void Finish()
    {
        _isComplete = true;
        Sending.Complete(Writer.Take(), _trailers is { Count: > 0 } trailers ? ResponseHead.LinesOf(trailers) : default);
    }

    private void ThrowIfStarted(string name)
    {
        if (HasStarted)
        {
            throw new InvalidOperationException($"{name} cannot be set because the response has already started.");
        }
    }
}
