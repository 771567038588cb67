using System.Net;

namespace Diesel.Reactive.Protocols;

/// <summary>What happened to a client, for a log.</summary>
/// <param name="Server">Where; as it was given, without credentials.</param>
/// <remarks>Records: their text is a line of a log. None of them holds a secret.</remarks>
public abstract record ClientEvent(EndPoint Server);

/// <summary>A connection is ready for calls.</summary>
/// <param name="Server">Where to.</param>
public sealed record ClientConnected(EndPoint Server) : ClientEvent(Server);

/// <summary>An attempt to connect has failed.</summary>
/// <param name="Server">Where to.</param>
/// <param name="Reason">Why.</param>
/// <param name="RetryAfter">When the next attempt is made, if somebody waits for it.</param>
public sealed record ClientConnectFailed(EndPoint Server, Exception Reason, TimeSpan RetryAfter) : ClientEvent(Server)
{
    /// <summary>The event as a line.</summary>
    public override string ToString() => $"{nameof(ClientConnectFailed)}: {Server.Shown()}: {Reason.Message} (again after {RetryAfter})";
}

/// <summary>A connection has ended that this side did not close.</summary>
/// <param name="Server">Where to.</param>
/// <param name="Reason">Why.</param>
public sealed record ClientDisconnected(EndPoint Server, Exception Reason) : ClientEvent(Server)
{
    /// <summary>The event as a line.</summary>
    public override string ToString() => $"{nameof(ClientDisconnected)}: {Server.Shown()}: {Reason.Message}";
}
