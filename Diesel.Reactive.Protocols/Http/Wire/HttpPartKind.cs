namespace Diesel.Reactive.Protocols.Http;

/// <summary>What part of a message it is.</summary>
public enum HttpPartKind
{
    /// <summary>The head.</summary>
    Head,

    /// <summary>Some of the body.</summary>
    Data,

    /// <summary>What is behind the last chunk: trailers, or nothing.</summary>
    End,
}
