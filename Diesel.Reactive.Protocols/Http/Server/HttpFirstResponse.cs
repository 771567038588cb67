namespace Diesel.Reactive.Protocols.Http;

/// <summary>Takes the first response that a handler's observable gives.</summary>
internal sealed class HttpFirstResponse(HttpAnswer answer, HttpRequest request) : IObserver<HttpResponse>
{
    private bool _hasCome;

    public void OnNext(HttpResponse value)
    {
        if (!_hasCome)
        {
            _hasCome = true;
            answer.Respond(request, value);
        }
    }

    public void OnError(Exception error)
    {
        if (!_hasCome)
        {
            answer.Fail(request, error);
        }
    }

    public void OnCompleted()
    {
        if (!_hasCome)
        {
            answer.Fail(request, HttpAnswerErrors.Nothing(request));
        }
    }
}
