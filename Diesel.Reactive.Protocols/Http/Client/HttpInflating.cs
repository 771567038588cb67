using System.IO.Compression;
using System.Net;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>A body whose encoding is undone while it is read, piece by piece, so that what it inflates to is never held as a whole.</summary>
internal sealed class HttpInflating(HttpReply reply, string encoding, long limit) : IObservable<ReadOnlyMemory<byte>>, IPausable
{
    private const int Piece = 16 * 1024;

    private int _holds;
    private AwaitableSource<bool>? _released;

    public Hub Hub => reply.Hub;

    /// <summary>What is asked for.</summary>
    public static string Accepted(DecompressionMethods methods) => string.Join(", ", Names(methods));

    /// <summary>The encoding of an answer, if it is to be undone.</summary>
    public static string? EncodingOf(HttpResponseHead head, DecompressionMethods methods, string method) =>
        methods == DecompressionMethods.None || method == "HEAD" || head.Body.Count == 0 ? null : EncodingOf(head.Headers["Content-Encoding"], methods);

    /// <summary>The stream that undoes it.</summary>
    public static Stream Open(Stream body, string encoding, long limit) => new HttpLimitedStream(
        encoding switch
        {
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            _ => new HttpDeflateStream(body),
        },
        limit);

    public IDisposable Pause()
    {
        _holds++;
        _released ??= new AwaitableSource<bool>($"{this} to be let go");
        return Disposable.Create(this, static inflating => inflating.Hub.Within(inflating.LetGo));
    }

    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var stream = Open(new HttpReplyStream(reply), encoding, limit);
        var left = new BooleanDisposable();
        Hub.Fork(() => Run(stream, observer, left), ToString());
        return new CompositeDisposable(left, stream);
    }

    public override string ToString() => $"the body of {reply}";

    private async Task Run(Stream stream, IObserver<ReadOnlyMemory<byte>> observer, BooleanDisposable left)
    {
        Exception? failure = null;
        try
        {
            int count;
            do
            {
                var piece = new byte[Piece];
                count = await stream.ReadAsync(piece);
                if (_released is { } released)
                {
                    await released;
                }

                if (count > 0 && !left.IsDisposed)
                {
                    observer.OnNext(piece.AsMemory(0, count));
                }
            }
            while (count > 0 && !left.IsDisposed);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or ObjectDisposedException or ProtocolException)
        {
            failure = error switch
            {
                HttpIOException { InnerException: { } inner } => inner,
                InvalidDataException => new HttpRefusedException(502, "RFC 9110 §8.4", $"The body is not what its encoding ({encoding}) says"),
                _ => error,
            };
        }

        await stream.DisposeAsync();
        if (left.IsDisposed)
        {
            return;
        }

        if (failure is null)
        {
            observer.OnCompleted();
        }
        else
        {
            observer.OnError(failure);
        }
    }

    private void LetGo()
    {
        if (--_holds == 0)
        {
            var released = _released;
            _released = null;
            released?.TrySetResult(true);
        }
    }

    private static string? EncodingOf(string? encoding, DecompressionMethods methods) =>
        encoding is null ? null : Names(methods).FirstOrDefault(name => encoding.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Names(DecompressionMethods methods)
    {
        if (methods.HasFlag(DecompressionMethods.GZip))
        {
            yield return "gzip";
        }

        if (methods.HasFlag(DecompressionMethods.Deflate))
        {
            yield return "deflate";
        }

        if (methods.HasFlag(DecompressionMethods.Brotli))
        {
            yield return "br";
        }
    }
}
