using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>A file that was found once: where it is, and what of an answer is the same as long as the file is. Any thread.</summary>
/// <remarks>Nothing of its content is kept, and nothing is believed of it: each answer opens it, and asks what is open where it lies, how long it is and when
/// it was written.</remarks>
/// <param name="path">Full.</param>
/// <param name="type">What it is.</param>
/// <param name="coding">How it is compressed; null: it is not.</param>
/// <param name="options">How it is served.</param>
internal sealed class HttpKnownFile(string path, string type, string? coding, HttpFileOptions options)
{
    private const int MostCopied = 16 * 1024;

    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(1);

    private static readonly (string Extension, string Coding)[] Codings = [(".br", "br"), (".gz", "gzip")];

    // Each is replaced as a whole: handlers of several hubs may share a folder.
    private Version? _version;
    private Neighbours? _compressed;

    /// <summary>The answer to a request; null: there is no such file.</summary>
    /// <param name="request">GET or HEAD.</param>
    /// <param name="root">The folder in which it has to lie, really and with a separator at its end.</param>
    public HttpResponse? Answer(HttpRequest request, string root)
    {
        var compressed = CompressedAt(request.Hub.TurnTime);
        if (compressed.Length > 0)
        {
            var accepted = request.Headers["Accept-Encoding"];
            foreach (var other in compressed)
            {
                if (other.IsAccepted(accepted) && other.Open(root) is { } file)
                {
                    return other.Describe(request, file);
                }
            }
        }

        var response = Open(root) is { } plain ? Describe(request, plain) : null;
        return compressed.Length > 0 ? response?.With("Vary", "Accept-Encoding") : response;
    }

    private bool IsAccepted(string? accepted) => HttpEncodings.Accepts(accepted, coding!);

    // Looked for once a second and not for each request: that one has come is seen soon enough, and that one has gone when it is opened.
    private HttpKnownFile[] CompressedAt(DateTimeOffset now)
    {
        if (_compressed is not { } seen || (now - seen.At).Duration() >= Trust)
        {
            _compressed = seen = new Neighbours(now, [
                .. from each in Codings where File.Exists(path + each.Extension) select new HttpKnownFile(path + each.Extension, type, each.Coding, options),
            ]);
        }

        return seen.Files;
    }

    // What a link leads to is known when the file is open; nobody can put another in its place between.
    private SafeFileHandle? Open(string root)
    {
        // Names that nobody has given to a file are asked for often, and an exception costs more than a look.
        if (_version is null && !File.Exists(path))
        {
            return null;
        }

        SafeFileHandle? file = null;
        try
        {
            file = ConnectionFiles.OpenFile(path);
            if (RandomAccess.GetLength(file) >= 0 && HttpRealPath.Of(file, path).StartsWith(root, StringComparison.Ordinal))
            {
                return file;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
        }

        file?.Dispose();
        return null;
    }

    private HttpResponse Describe(HttpRequest request, SafeFileHandle file)
    {
        var version = VersionOf(file);
        var status = HttpConditions.Look(request.Headers, version.ETag, version.Modified);
        if (status != 200)
        {
            file.Dispose();
            return HttpResponse.Of(status, version.Headers);
        }

        var isWhole = request.Head.IsHead || !HttpConditions.AllowsRange(request.Headers, version.ETag, version.Modified);
        switch (isWhole ? null : HttpRange.Read(request.Headers["Range"], version.Length))
        {
            case null:
                return Content(200, version.Headers, file, 0, version.Length, isSent: !request.Head.IsHead);
            case []:
                file.Dispose();
                return HttpResponse.Text("The file has no such part.\n", 416).With("Content-Range", $"bytes */{version.Length}");
            case [var only]:
                return Content(206, version.Headers.Add("Content-Range", only.Of(version.Length)), file, only.First, only.Count, isSent: true);
            case var several:
                var parts = HttpRangeParts.Of(file, several, type, version.Length, out var multipart);
                return HttpResponse.Of(206, HeadersOf(multipart, version.ETag, version.Modified)).WithFile(parts);
        }
    }

    private Version VersionOf(SafeFileHandle file)
    {
        var (length, written) = (RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file));
        if (_version is { } known && known.Length == length && known.Written == written)
        {
            return known;
        }

        var modified = new DateTimeOffset(written.Ticks - (written.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        var etag = string.Create(CultureInfo.InvariantCulture, $"\"{written.Ticks:x}-{length:x}\"");
        return _version = new Version(length, written, modified, etag, HeadersOf(type, etag, modified));
    }

    private HttpHeaders HeadersOf(string contentType, string etag, DateTimeOffset modified)
    {
        var headers = HttpHeaders.Of(("Content-Type", contentType), ("ETag", etag), ("Last-Modified", HttpDate.Format(modified)), ("Accept-Ranges", "bytes"));
        headers = options.CacheControl is { } cache ? headers.Add("Cache-Control", cache) : headers;
        return coding is null ? headers : headers.Add("Content-Encoding", coding).Add("Vary", "Accept-Encoding");
    }

    // A short file costs less to read than to send on its own.
    private static HttpResponse Content(int status, HttpHeaders headers, SafeFileHandle file, long first, long count, bool isSent)
    {
        if (count > MostCopied || !isSent)
        {
            return HttpResponse.Of(status, headers).WithFile(new HttpFileContent(file, new HttpFilePiece(default, first, count)));
        }

        using (file)
        {
            var bytes = new byte[count];
            var read = 0;
            for (int more; read < count && (more = RandomAccess.Read(file, bytes.AsSpan(read), first + read)) > 0; read += more)
            {
            }

            return HttpResponse.Of(status, headers, bytes.AsMemory(0, read));
        }
    }

    /// <summary>What the file was when it was opened last.</summary>
    private sealed record Version(long Length, DateTime Written, DateTimeOffset Modified, string ETag, HttpHeaders Headers);

    /// <summary>Which stood beside it then.</summary>
    private sealed record Neighbours(DateTimeOffset At, HttpKnownFile[] Files);
}
