namespace Diesel.Reactive.Protocols.Http;

/// <summary>Which handler a path leads to: exact segments before named ones.</summary>
internal sealed class HttpRoutes
{
    private readonly List<Route> _routes = [];

    public bool IsEmpty => _routes.Count == 0;

    /// <summary>Adds a route.</summary>
    /// <exception cref="ArgumentException">The pattern is none, or there is one like it.</exception>
    public void Add(string method, string pattern, HttpAnswering answer)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        ArgumentNullException.ThrowIfNull(pattern);
        if (pattern is not ['/', ..])
        {
            throw new ArgumentException($"'{pattern}' is no route: it begins with a slash, and a segment is a text or a {{name}}.", nameof(pattern));
        }

        var route = new Route(method, pattern, pattern[1..].Split('/'), answer);
        if (route.HasNameTwice)
        {
            throw new ArgumentException($"'{pattern}' is no route: two of its segments have one name.", nameof(pattern));
        }

        if (_routes.Exists(route.IsLike))
        {
            throw new ArgumentException($"There is a route like {method} {pattern} already.", nameof(pattern));
        }

        _routes.Add(route);
        _routes.Sort(static (one, other) => one.NamedCount != other.NamedCount ? one.NamedCount - other.NamedCount : string.CompareOrdinal(one.Places, other.Places));
    }

    /// <summary>Finds the handler of a request, and what its named segments hold.</summary>
    /// <param name="request">The request.</param>
    /// <param name="allowed">Methods for which there is one, when there is none for this.</param>
    /// <returns>Null: there is none.</returns>
    public HttpAnswering? Find(HttpRequest request, out string allowed)
    {
        allowed = "";
        var (method, segments) = (request.Method, request.Path.Split('/'));
        Route? get = null;
        foreach (var route in _routes)
        {
            if (!route.Fits(segments))
            {
                continue;
            }

            if (route.Method == method)
            {
                return route.Take(request, segments);
            }

            get ??= route.Method == "GET" ? route : null;
            allowed += allowed.Length == 0 ? route.Method : $", {route.Method}";
        }

        return method == "HEAD" ? get?.Take(request, segments) : null;
    }

    private sealed record Route(string Method, string Pattern, string[] Segments, HttpAnswering Answer)
    {
        public int NamedCount { get; } = Segments.Count(IsName);

        /// <summary>Where the names stand: of two routes with as many, the one whose begin later comes first.</summary>
        public string Places { get; } = string.Concat(Segments.Select(static segment => IsName(segment) ? '1' : '0'));

        public bool HasNameTwice => Segments.Where(IsName).GroupBy(static name => name).Any(static group => group.Count() > 1);

        public bool IsLike(Route other) => Method == other.Method && Segments.Length == other.Segments.Length
            && Segments.Zip(other.Segments).All(static pair => pair.First == pair.Second || (IsName(pair.First) && IsName(pair.Second)));

        public bool Fits(string[] path)
        {
            if (path.Length != Segments.Length + 1)
            {
                return false;
            }

            for (var i = 0; i < Segments.Length; i++)
            {
                if (IsName(Segments[i]) ? path[i + 1].Length == 0 : path[i + 1] != Segments[i])
                {
                    return false;
                }
            }

            return true;
        }

        public HttpAnswering Take(HttpRequest request, string[] path)
        {
            request.Parts.Pattern = Pattern;
            if (NamedCount > 0)
            {
                request.Parts.Route = Segments.Select((segment, i) => (segment, i)).Where(static each => IsName(each.segment))
                    .ToDictionary(static each => each.segment[1..^1], each => path[each.i + 1]);
            }

            return Answer;
        }

        private static bool IsName(string segment) => segment is ['{', _, .., '}'];
    }
}
