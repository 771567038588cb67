using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Http;

/// <summary><see cref="HttpRequest.Multipart"/>: the parts of a form, as they come.</summary>
internal sealed class MultipartStream(HttpRequest request) : IObservable<HttpFormPart>, IPausable
{
    private const int MostOfBoundary = 70;

    public Hub Hub => request.Hub;

    public IDisposable Pause() => request.Body.Pause();

    public IDisposable Subscribe(IObserver<HttpFormPart> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        HttpRefusedException? refused = null;
        var boundary = "";
        try
        {
            boundary = BoundaryOf(request.Headers);
        }
        catch (HttpRefusedException error)
        {
            refused = error;
        }

        if (refused is not null)
        {
            observer.OnError(refused);
            return Disposable.Empty;
        }

        return request.Body.Decode(new MultipartFraming(boundary)).Subscribe(new Pieces(observer));
    }

    private static string BoundaryOf(HttpHeaders headers)
    {
        HttpMediaType.Require(headers, "multipart/form-data");
        var boundary = HttpMediaType.Parameter(headers["Content-Type"], "boundary");
        return boundary is { Length: > 0 and <= MostOfBoundary } && !boundary.AsSpan().ContainsAnyExceptInRange(' ', '~') ? boundary
            : throw new HttpRefusedException(400, "RFC 2046 §5.1.1", "A form of parts has no boundary of 1 to 70 characters");
    }

    private sealed class Pieces(IObserver<HttpFormPart> observer) : IObserver<MultipartPiece>
    {
        private MultipartBody? _body;
        private bool _isWhole;

        public void OnNext(MultipartPiece piece)
        {
            switch (piece.Kind)
            {
                case MultipartKind.Head:
                    _body = new MultipartBody();
                    observer.OnNext(new HttpFormPart(new HttpHeaders(piece.Bytes), _body));
                    break;
                case MultipartKind.Data:
                    _body?.Give(piece.Bytes);
                    break;
                case MultipartKind.EndOfPart:
                    _body?.End(null);
                    _body = null;
                    break;
                case MultipartKind.EndOfForm:
                    _isWhole = true;
                    break;
                default:
                    break;
            }
        }

        public void OnError(Exception error)
        {
            _body?.End(error);
            observer.OnError(error);
        }

        public void OnCompleted()
        {
            if (_isWhole)
            {
                observer.OnCompleted();
            }
            else
            {
                OnError(new HttpRefusedException(400, "RFC 2046 §5.1.1", "A form of parts ends without its last boundary"));
            }
        }
    }
}
