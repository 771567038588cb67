namespace Diesel.Reactive.Protocols.Http;

/// <summary>The two sides of a connection.</summary>
public enum HttpRole
{
    /// <summary>Who asks.</summary>
    Client,

    /// <summary>Who answers.</summary>
    Server,
}
