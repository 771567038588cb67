using System.IO.Pipelines;
using Diesel.Reactive.Protocols.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Diesel.Reactive.AspNetCore;

/// <summary>The body of a request as a pipe. Nothing is read, and no client told to go on, before the application reads; while it does not, the client waits.</summary>
internal sealed class RequestBody(HubRequest request) : PipeReader, IObserver<ReadOnlyMemory<byte>>
{
    private readonly Pipe _pipe = new(new PipeOptions(useSynchronizationContext: true));
    private IDisposable? _subscription;
    private long _received;
    private bool _isOver;

    /// <summary>Somebody has read of it.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>All of it has come.</summary>
    public bool IsWhole { get; private set; }

    private HttpBody Body => request.Http.Body;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        Begin();
        return _pipe.Reader.ReadAsync(cancellationToken);
    }

    public override bool TryRead(out ReadResult result)
    {
        Begin();
        return _pipe.Reader.TryRead(out result);
    }

    public override void AdvanceTo(SequencePosition consumed) => _pipe.Reader.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _pipe.Reader.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => _pipe.Reader.CancelPendingRead();

    public override void Complete(Exception? exception = null) => _pipe.Reader.Complete(exception);

    /// <summary>The application has ended.</summary>
    /// <remarks>Who still reads, or does so later, is told: nothing would ever come.</remarks>
    public void Leave() => OnHub(static body =>
    {
        body._isOver = true;
        body._subscription?.Dispose();
        if (!body.IsWhole)
        {
            body.End(new InvalidOperationException("The request is over, and its body with it."));
        }
    });

    void IObserver<ReadOnlyMemory<byte>>.OnNext(ReadOnlyMemory<byte> value)
    {
        _received += value.Length;
        if (_received > Limit)
        {
            End(TooLarge());
            _subscription?.Dispose();
            return;
        }

        var flushed = _pipe.Writer.WriteAsync(value, CancellationToken.None);
        if (!flushed.IsCompleted)
        {
            _ = LetGo(flushed, Body.Pause());
        }
    }

    void IObserver<ReadOnlyMemory<byte>>.OnError(Exception error) => End(error switch
    {
        HttpRefusedException refused => new BadHttpRequestException($"{refused.Reason} ({refused.Rule}).", refused.Status, refused),
        TruncatedFrameException => new BadHttpRequestException("The request ends before its body does.", StatusCodes.Status400BadRequest, error),
        ConnectionException => new ConnectionResetException(error.Message, error),
        _ => error,
    });

    void IObserver<ReadOnlyMemory<byte>>.OnCompleted()
    {
        IsWhole = true;
        End(null);
    }

    private long Limit => ((IHttpMaxRequestBodySizeFeature)request.Request).MaxRequestBodySize ?? long.MaxValue;

    private void Begin()
    {
        if (HasBegun)
        {
            return;
        }

        HasBegun = true;
        if (Body.Length > Limit)
        {
            End(TooLarge());
            return;
        }

        OnHub(static body =>
        {
            if (!body._isOver)
            {
                body._subscription = body.Body.Subscribe(body);
            }
        });
    }

    private void OnHub(Action<RequestBody> step)
    {
        if (request.Hub.IsCurrent)
        {
            step(this);
        }
        else
        {
            request.Hub.Post(_ => step(this));
        }
    }

    private void End(Exception? error) => _pipe.Writer.Complete(error);

    private async Task LetGo(ValueTask<FlushResult> flushed, IDisposable hold)
    {
        await flushed.ConfigureAwait(false);
        request.Hub.Post(static held => ((IDisposable)held!).Dispose(), hold);
    }

    private BadHttpRequestException TooLarge() => new($"The body of {request} is longer than the {Limit} bytes allowed.", StatusCodes.Status413PayloadTooLarge);
}
