using Microsoft.Extensions.Logging;

namespace Diesel.Reactive.AspNetCore;

/// <summary>What the server says.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Information, "Listening on {Address}")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(2, LogLevel.Error, "{Request}: an unhandled exception was thrown by the application.")]
    public static partial void Unhandled(ILogger logger, string request, Exception error);

    [LoggerMessage(3, LogLevel.Debug, "{Request}: the application refuses it with {Status}: {Reason}")]
    public static partial void Refused(ILogger logger, string request, int status, string reason);
}
