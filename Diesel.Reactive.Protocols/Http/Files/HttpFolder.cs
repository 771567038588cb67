using System.Buffers;
using System.Collections.Concurrent;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The files of one folder as responses. Any thread: handlers of several hubs may share it.</summary>
internal sealed class HttpFolder
{
    private const int MostKnown = 4096;

    private static readonly SearchValues<char> Special = SearchValues.Create("\\:*?\"<>|");

    private readonly string _root;
    private readonly string _below;
    private readonly HttpFileOptions _options;
    private readonly ConcurrentDictionary<string, HttpKnownFile> _known = new(StringComparer.Ordinal);
    private int _knownCount;

    public HttpFolder(string folder, HttpFileOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(full))
        {
            throw new DirectoryNotFoundException($"There is no folder '{full}' whose files could be served.");
        }

        (_root, _options) = (HttpRealPath.Of(full), options);
        _below = Path.EndsInDirectorySeparator(_root) ? _root : _root + Path.DirectorySeparatorChar;
    }

    /// <summary>The response to a request.</summary>
    public HttpResponse Answer(HttpRequest request)
    {
        if (request.Method is not ("GET" or "HEAD"))
        {
            return HttpResponse.Text("Files are only read here.\n", 405).With("Allow", "GET, HEAD");
        }

        return _known.TryGetValue(request.Path, out var known) && known.Answer(request, _below) is { } answer ? answer : Find(request);
    }

    private static HttpResponse NotFound() => HttpResponse.Text("There is no such file.\n", 404);

    private HttpResponse Find(HttpRequest request)
    {
        if (NameOf(request.Path) is not { } name)
        {
            return NotFound();
        }

        var path = Path.Join(_root, name);
        if (!request.Path.EndsWith('/'))
        {
            return Serve(request, path) ?? (Directory.Exists(path) ? Redirect(request, path) : NotFound());
        }

        return _options.Index is { } index && Directory.Exists(path) && Serve(request, Path.Join(path, index)) is { } answer ? answer : NotFound();
    }

    private HttpResponse? Serve(HttpRequest request, string path)
    {
        var file = new HttpKnownFile(path, HttpFileTypes.Of(path, _options.Types), coding: null, _options);
        if (file.Answer(request, _below) is not { } answer)
        {
            return null;
        }

        // Of very many files it knows some at a time.
        if (Interlocked.Increment(ref _knownCount) > MostKnown)
        {
            _known.Clear();
            Volatile.Write(ref _knownCount, 1);
        }

        _known[request.Path] = file;
        return answer;
    }

    private HttpResponse Redirect(HttpRequest request, string path) => _options.Index is { } index && File.Exists(Path.Join(path, index))
        ? HttpResponse.Redirect($"{Uri.EscapeDataString(request.Path).Replace("%2F", "/", StringComparison.Ordinal)}/{request.QueryString}", 301)
        : NotFound();

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
}
