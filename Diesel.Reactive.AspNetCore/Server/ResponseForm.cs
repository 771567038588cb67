using Diesel.Reactive.Protocols.Http;
using HttpResponse = Diesel.Reactive.Protocols.Http.HttpResponse;

namespace Diesel.Reactive.AspNetCore;

/// <summary>Status, fields and length of a response, and the form in which the service gets it: whole, or as a body that comes.</summary>
internal sealed class ResponseForm(HubRequest request)
{
    /// <summary>Whether only the head of the response is sent.</summary>
    public bool IsHead { get; private set; }

    /// <summary>Whether it is a head and a body, and nothing else.</summary>
    public bool IsPlain => !IsHead && Trailers.IsEmpty && HttpStatus.AllowsContent(Status) && (Length ?? Total) == Total && !request.Http.Head.IsConnect;

    public int Status { get; set; }

    public HttpHeaders Headers { get; set; }

    /// <summary>Bytes of the body that were said; null: they were not.</summary>
    public long? Length { get; set; }

    /// <summary>Bytes of the body that were written.</summary>
    public long Total { get; set; }

    public bool Closes { get; set; }

    public HttpHeaders Trailers { get; set; }

    /// <summary>A request begins.</summary>
    public void Begin()
    {
        IsHead = request.Http.Head.IsHead;
        (Status, Headers, Length, Total, Closes, Trailers) = (0, default, null, 0, false, default);
    }

    /// <summary>The response.</summary>
    /// <param name="body">What gives what is not in <paramref name="pieces"/>.</param>
    /// <param name="pieces">What was written; emptied when it goes with the response.</param>
    /// <param name="isComplete">Nothing will follow.</param>
    public HttpResponse Of(IObservable<ReadOnlyMemory<byte>> body, ref ResponsePieces pieces, bool isComplete)
    {
        HttpResponse response;
        if (IsHead)
        {
            // What is not sent has a length nevertheless, unless the application has said none and written nothing.
            response = HttpResponse.Streamed(body, contentType: null, Length ?? (Total > 0 ? Total : null), Status);
        }
        else if (isComplete && Trailers.IsEmpty && TryGather(in pieces, out var whole))
        {
            response = HttpResponse.Bytes(whole, contentType: null, Status);
            pieces = default;
        }
        else
        {
            response = HttpResponse.Streamed(body, contentType: null, Length, Status);
            response = isComplete && !Trailers.IsEmpty ? response.WithTrailers(() => Trailers) : response;
        }

        response = Headers.IsEmpty ? response : response.With(Headers);
        return Closes ? response.Closing() : response;
    }

    /// <summary>The application has the connection as a stream, until it ends.</summary>
    public HttpResponse Upgrade(TaskCompletionSource<Stream> opened) => HttpResponse.Upgrade(
        Headers["Upgrade"] ?? request.Http.Headers["Upgrade"]!,
        connection =>
        {
            opened.TrySetResult(connection.AsStream(leaveOpen: true));
            return request.Ended;
        },
        Headers);

    // One that has another length than was said is the service's to refuse.
    private bool TryGather(in ResponsePieces pieces, out ReadOnlyMemory<byte> whole)
    {
        var isFit = (Length ?? pieces.Bytes) == pieces.Bytes && pieces.Bytes <= request.Served.Options.MaxUnsentBytes;
        whole = isFit ? pieces.Gather() : default;
        return isFit;
    }
}
