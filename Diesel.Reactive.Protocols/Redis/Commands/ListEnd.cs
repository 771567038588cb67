namespace Diesel.Reactive.Protocols.Redis;

/// <summary>An end of a list.</summary>
public enum ListEnd
{
    /// <summary>Where index 0 is.</summary>
    Left,

    /// <summary>Where index -1 is.</summary>
    Right,
}

/// <summary>What the server calls them.</summary>
internal static class ListEndWords
{
    public static Bytes Word(this ListEnd end) => end == ListEnd.Left ? "LEFT" : "RIGHT";
}
