using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The body of HttpClient's request as an observable: it writes as fast as the server takes it.</summary>
internal sealed class HttpContentSource : IObservable<ReadOnlyMemory<byte>>, IPausable
{
    private static readonly string[] NotAsGiven = ["Content-Length"];

    private readonly HttpContent _content;
    private readonly bool _isOfHub;
    private HttpContentWriter? _writer;

    private HttpContentSource(HttpContent content, Hub hub) => (_content, Hub, _isOfHub) = (content, hub, hub.IsCurrent);

    public Hub Hub { get; }

    /// <summary>The body of a request.</summary>
    /// <param name="content">What there is in memory is copied at once, as its owner may change it afterwards.</param>
    /// <param name="inChunks">However long it is.</param>
    /// <param name="isHttp10">Which knows no chunks.</param>
    /// <param name="hub">Where it is sent.</param>
    /// <exception cref="HttpRequestException">Its length is not known, and has to be.</exception>
    public static HttpRequestBody BodyOf(HttpContent content, bool inChunks, bool isHttp10, Hub hub)
    {
        var length = content.Headers.ContentLength;
        if (isHttp10 && (length is null || inChunks))
        {
            throw new HttpRequestException("HTTP/1.0 knows no chunks, and the length of this content is not known: await its LoadIntoBufferAsync before.");
        }

        var fields = new HttpFieldLines();
        foreach (var field in content.Headers.NonValidated)
        {
            fields.Add(field.Key, field.Value, NotAsGiven);
        }

        if (!inChunks && length is { } known && IsInMemory(content))
        {
            var bytes = new byte[known];
            using var stream = content.ReadAsStream();
            stream.ReadExactly(bytes);
            return new HttpRequestBody(bytes, fields.Headers);
        }

        return new HttpRequestBody(new HttpContentSource(content, hub), fields.Headers, inChunks ? null : length, isRepeatable: false);
    }

    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer)
    {
        var writer = _writer = new HttpContentWriter(Hub, observer);
        if (_isOfHub)
        {
            _ = Write(writer, observer);
        }
        else
        {
            _ = Task.Run(() => Write(writer, observer));
        }

        return Disposable.Create(writer, static writer => writer.Leave());
    }

    public IDisposable Pause()
    {
        var writer = _writer!;
        writer.Hold();
        return Disposable.Create(writer, static writer => writer.LetGo());
    }

    // A class that was derived may write something else than it has.
    private static bool IsInMemory(HttpContent content)
    {
        var type = content.GetType();
        return type == typeof(ByteArrayContent) || type == typeof(StringContent) || type == typeof(FormUrlEncodedContent) || type == typeof(ReadOnlyMemoryContent);
    }

    private async Task Write(HttpContentWriter writer, IObserver<ReadOnlyMemory<byte>> observer)
    {
        try
        {
            await _content.CopyToAsync(writer).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // The content is the user's.
            observer.OnError(error);
            return;
        }

        observer.OnCompleted();
    }
}
