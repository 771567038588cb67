using System.Reactive.Disposables;
using Diesel.Reactive.Protocols.Http;
using HttpResponse = Diesel.Reactive.Protocols.Http.HttpResponse;

namespace Diesel.Reactive.AspNetCore;

/// <summary>A response as the service gets it, on the hub: whole, or its head and then its body.</summary>
internal sealed class ResponseOutput(HubRequest request) : IObservable<ReadOnlyMemory<byte>>, IPausable
{
    // More is sent where it lies.
    private const int MostCopied = 16 * 1024;

    private IObserver<ReadOnlyMemory<byte>>? _body;
    private bool _isPaused;

    /// <summary>Who takes the response; null: its turn has not come yet.</summary>
    public HttpAnswer? Answer { get; set; }

    /// <summary>Something may be sent.</summary>
    public bool IsReady => Answer is not null && !_isPaused;

    /// <summary>The service has its beginning.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>It was sent as a whole, and copied.</summary>
    public bool IsCopied { get; private set; }

    public Hub Hub => request.Hub;

    /// <summary>Nothing of it is held any more.</summary>
    public void Forget() => (Answer, _body, _isPaused, HasBegun, IsCopied) = (null, null, false, false, false);

    /// <summary>Sends it as a whole.</summary>
    /// <returns>False: it is another kind of response, or part of it is sent.</returns>
    public bool TryCopy(ResponseForm form, in ResponsePieces pieces)
    {
        if (HasBegun || !form.IsPlain || form.Total > MostCopied)
        {
            return false;
        }

        HasBegun = true;
        IsCopied = HttpSending.TrySendCopied(Answer!, request.Http, form.Status, form.Headers.Lines.Span, pieces.First, pieces.Others, (int)form.Total, form.Closes);
        return true;
    }

    /// <summary>Sends what there is of it.</summary>
    public void Send(ResponseForm form, ResponsePieces pieces, bool isComplete, bool isReset, TaskCompletionSource<Stream>? upgrade, Exception? error)
    {
        if (!HasBegun)
        {
            HasBegun = true;
            Answer!.Respond(request.Http, isReset ? HttpResponse.Reset() : upgrade is not null ? form.Upgrade(upgrade) : form.Of(this, ref pieces, isComplete));
            if (upgrade is not null || isReset)
            {
                return;
            }
        }
        else
        {
            error ??= isReset ? new OperationCanceledException($"The application has aborted {request}.") : null;
        }

        var body = _body;
        if (body is not null)
        {
            pieces.SendTo(body);
        }

        if (error is not null)
        {
            body?.OnError(error);
        }
        else if (isComplete)
        {
            body?.OnCompleted();
        }
    }

    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer)
    {
        _body = observer;
        return Disposable.Create(this, static output => output.Leave());
    }

    public IDisposable Pause()
    {
        _isPaused = true;
        return Disposable.Create(this, static output => output.GoOn());
    }

    private void GoOn()
    {
        _isPaused = false;
        request.Response.Sending.Push();
    }

    // Nobody takes the rest.
    private void Leave()
    {
        _body = null;
        request.Dispose();
    }
}
