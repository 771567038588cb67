using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The files of one folder as responses.</summary>
internal sealed class HttpFolder
{
    private const int MostCopied = 16 * 1024;

    private static readonly (string Extension, string Coding)[] Codings = [(".br", "br"), (".gz", "gzip")];

    private static readonly SearchValues<char> Special = SearchValues.Create("\\:*?\"<>|");

    private readonly string _root;
    private readonly HttpFileOptions _options;

    public HttpFolder(string folder, HttpFileOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(full))
        {
            throw new DirectoryNotFoundException($"There is no folder '{full}' whose files could be served.");
        }

        (_root, _options) = (HttpRealPath.Of(full), options);
    }

    /// <summary>The response to a request.</summary>
    public HttpResponse Answer(HttpRequest request)
    {
        if (request.Method is not ("GET" or "HEAD"))
        {
            return HttpResponse.Text("Files are only read here.\n", 405).With("Allow", "GET, HEAD");
        }

        if (NameOf(request.Path) is not { } name)
        {
            return NotFound();
        }

        // What ends in a slash is a folder, and what does not is most likely none.
        var path = Path.Join(_root, name);
        return request.Path.EndsWith('/') && Directory.Exists(path) ? Folder(request, path) : Serve(request, path);
    }

    private static HttpResponse NotFound() => HttpResponse.Text("There is no such file.\n", 404);

    // A name below the root: no segment goes up, is hidden, or means something to a file system.
    private string? NameOf(string path)
    {
        if (!path.StartsWith(_options.Under, StringComparison.Ordinal))
        {
            return null;
        }

        var segments = path[_options.Under.Length..].Split('/');
        if (segments.Length < 2 || segments[0].Length > 0)
        {
            return null;
        }

        for (var i = 1; i < segments.Length; i++)
        {
            var isLast = i == segments.Length - 1;
            if (segments[i].Length == 0 ? !isLast : !IsPlain(segments[i]))
            {
                return null;
            }
        }

        return string.Join(Path.DirectorySeparatorChar, segments[1..]);
    }

    private static bool IsPlain(string segment) =>
        (segment[0] != '.' || segment == ".well-known") && segment[^1] is not ('.' or ' ') && !segment.AsSpan().ContainsAny(Special)
        && !segment.Contains("%2F", StringComparison.OrdinalIgnoreCase) && !segment.Any(char.IsControl);

    private HttpResponse Folder(HttpRequest request, string path) =>
        _options.Index is not { } index ? NotFound()
        : request.Path.EndsWith('/') ? Serve(request, Path.Join(path, index))
        : File.Exists(Path.Join(path, index)) ? HttpResponse.Redirect($"{Uri.EscapeDataString(request.Path).Replace("%2F", "/", StringComparison.Ordinal)}/{request.QueryString}", 301)
        : NotFound();

    private HttpResponse Serve(HttpRequest request, string path)
    {
        var type = HttpFileTypes.Of(path, _options.Types);
        var accepted = request.Headers["Accept-Encoding"];
        var hasCoded = false;
        foreach (var (extension, coding) in Codings)
        {
            if (accepted is null && hasCoded)
            {
                break;
            }

            if (!File.Exists(path + extension))
            {
                continue;
            }

            hasCoded = true;
            if (HttpEncodings.Accepts(accepted, coding) && Open(path + extension) is { } coded)
            {
                return Describe(request, coded, type).With("Content-Encoding", coding).With("Vary", "Accept-Encoding");
            }
        }

        if (Open(path) is not { } file)
        {
            return !request.Path.EndsWith('/') && Directory.Exists(path) ? Folder(request, path) : NotFound();
        }

        var response = Describe(request, file, type);
        return hasCoded ? response.With("Vary", "Accept-Encoding") : response;
    }

    // What a link leads to is known when the file is open; nobody can put another in its place between.
    private SafeFileHandle? Open(string path)
    {
        SafeFileHandle? file = null;
        try
        {
            file = ConnectionFiles.OpenFile(path);
            if (RandomAccess.GetLength(file) >= 0 && HttpRealPath.Of(file, path).StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
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

    private HttpResponse Describe(HttpRequest request, SafeFileHandle file, string type)
    {
        var length = RandomAccess.GetLength(file);
        var written = File.GetLastWriteTimeUtc(file);
        var modified = new DateTimeOffset(written.Ticks - (written.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        var etag = string.Create(CultureInfo.InvariantCulture, $"\"{written.Ticks:x}-{length:x}\"");
        var status = HttpConditions.Look(request.Headers, etag, modified);
        var wantsAll = status != 200 || request.Head.IsHead || !HttpConditions.AllowsRange(request.Headers, etag, modified);
        var ranges = wantsAll ? null : HttpRange.Read(request.Headers["Range"], length);
        if (ranges is { Count: 0 })
        {
            file.Dispose();
            return HttpResponse.Text("The file has no such part.\n", 416).With("Content-Range", $"bytes */{length}");
        }

        var parts = ranges is { Count: > 1 } ? HttpRangeParts.Of(file, ranges, type, length, out type) : null;
        var headers = HttpHeaders.Of(("Content-Type", type), ("ETag", etag), ("Last-Modified", HttpDate.Format(modified)), ("Accept-Ranges", "bytes"));
        headers = _options.CacheControl is { } cache ? headers.Add("Cache-Control", cache) : headers;
        headers = ranges is [var one] ? headers.Add("Content-Range", one.Of(length)) : headers;
        var response = HttpResponse.Of(ranges is null ? status : 206, headers);
        if (status != 200)
        {
            file.Dispose();
            return response;
        }

        var (first, count) = ranges is [var only] ? only : new HttpRange(0, length);
        return parts is null ? Content(response, file, first, count) : response.WithFile(parts);
    }

    // A short file costs less to read than to send on its own.
    private static HttpResponse Content(HttpResponse response, SafeFileHandle file, long first, long count)
    {
        if (count > MostCopied)
        {
            return response.WithFile(new HttpFileContent(file, new HttpFilePiece(default, first, count)));
        }

        using (file)
        {
            var bytes = new byte[count];
            var read = 0;
            for (int more; read < count && (more = RandomAccess.Read(file, bytes.AsSpan(read), first + read)) > 0; read += more)
            {
            }

            return response.WithContent(bytes.AsMemory(0, read));
        }
    }
}
