namespace Diesel.Reactive.Protocols.Http;

/// <summary>Where URIs have led: many are asked for again and again, and to take one apart costs an eighth of all that a request allocates.</summary>
internal sealed class HttpPlaces
{
    private const int Count = 64;
    private const int Longest = 256;

    private readonly (string? Uri, HttpOrigin Origin, string Path)[] _places = new (string?, HttpOrigin, string)[Count];

    public bool TryFind(Uri uri, out (HttpOrigin Origin, string Path) place)
    {
        ref var known = ref At(uri.OriginalString);
        place = (known.Origin, known.Path);
        return known.Uri == uri.OriginalString;
    }

    /// <summary>Keeps one that is written as it is asked for; how others are read is not told by their text alone.</summary>
    public void Keep(Uri uri, (HttpOrigin Origin, string Path) place)
    {
        var text = uri.OriginalString;
        var begin = text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? text.IndexOf('/', scheme + "://".Length) : -1;
        if (begin >= 0 && text.Length <= Longest && text.AsSpan(begin).SequenceEqual(place.Path))
        {
            At(text) = (text, place.Origin, place.Path);
        }
    }

    public void Clear() => Array.Clear(_places);

    private ref (string? Uri, HttpOrigin Origin, string Path) At(string text) => ref _places[(uint)text.GetHashCode(StringComparison.Ordinal) % Count];
}
