using System.Globalization;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What a connection to a server is for.</summary>
public enum ClientKind
{
    /// <summary>Commands.</summary>
    Normal,

    /// <summary>This server follows that one.</summary>
    Master,

    /// <summary>That one follows this server.</summary>
    Replica,

    /// <summary>Subscriptions.</summary>
    PubSub,
}

/// <summary>What the server calls them.</summary>
internal static class ClientKindWords
{
    public static Bytes Word(this ClientKind kind) => kind.ToString().ToUpper(CultureInfo.InvariantCulture);
}
