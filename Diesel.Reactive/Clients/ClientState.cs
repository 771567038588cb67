using System.Net;

namespace Diesel.Reactive;

/// <summary>How it stands with a client's connection.</summary>
/// <param name="Phase">How far it is.</param>
/// <param name="EndPoint">Where to: that of the connection or the attempt, or of the last one.</param>
/// <param name="Reason">When it is not ready: why the last connection was lost, or the last attempt failed; null: it was not, or this side has
/// closed it.</param>
/// <param name="NextAttempt">When it is disconnected: the earliest time of the next attempt, if somebody needs one by then; null: at once.</param>
public sealed record ClientState(ClientPhase Phase, EndPoint EndPoint, Exception? Reason = null, DateTimeOffset? NextAttempt = null)
{
    /// <summary>The state as a line of a log.</summary>
    public override string ToString() =>
        $"{Phase} {EndPoints.Text(EndPoint)}{(Reason is null ? "" : $": {Reason.Message.ReplaceLineEndings(" ")}")}{(NextAttempt is { } next ? $" (again at {next:HH:mm:ss.fff})" : "")}";
}
