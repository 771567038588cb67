namespace Diesel.Reactive.Protocols.Http;

/// <summary>A request of HttpClient, whose answer is its task.</summary>
internal sealed class HttpHandlerCall(HttpOrigins origins, HttpFieldNames names, HttpRequestMessage request) : HubCompletion<HttpResponseMessage>(origins.Hub), IObserver<HttpReply>
{
    private CancellationTokenRegistration _registration;
    private IDisposable? _subscription;
    private CancellationToken _cancellation;

    public Task<HttpResponseMessage> Begin(HttpCall call, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _subscription = call.Subscribe(this);
        if (!Task.IsCompleted)
        {
            _registration = cancellation.UnsafeRegister(static call => ((HttpHandlerCall)call!).GiveUp(), this);
            if (Task.IsCompleted)
            {
                _registration.Unregister();
            }
        }

        return Task;
    }

    public void OnNext(HttpReply value)
    {
        _registration.Unregister();
        if (Task.IsCompleted)
        {
            value.Dispose();
            return;
        }

        try
        {
            Complete(HttpReplyTranslation.MessageOf(value, request, names));
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException)
        {
            value.Dispose();
            Fail(HttpErrors.OfRequest(error));
        }
    }

    public void OnError(Exception error)
    {
        _registration.Unregister();
        Fail(HttpErrors.OfRequest(error));
    }

    public void OnCompleted()
    {
    }

    private void GiveUp()
    {
        Cancel(_cancellation);
        _subscription?.Dispose();
    }
}
