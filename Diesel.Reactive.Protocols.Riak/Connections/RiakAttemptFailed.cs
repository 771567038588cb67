using System.Net;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>An attempt of a call has failed, and its node is asked less for a while.</summary>
/// <param name="Server">Which node.</param>
/// <param name="Call">What was asked.</param>
/// <param name="Reason">What became of it.</param>
public sealed record RiakAttemptFailed(EndPoint Server, string Call, Exception Reason) : ClientEvent(Server)
{
    /// <summary>The event as a line.</summary>
    public override string ToString() => $"{nameof(RiakAttemptFailed)}: {Server.Shown()}: {Call}: {Reason.Message}";
}
