using Microsoft.Extensions.Logging;

namespace Diesel.Reactive.Hosting;

internal static partial class Log
{
    [LoggerMessage(EventName = "ServiceListens", Level = LogLevel.Information, Message = "{Service} was started")]
    public static partial void Listens(ILogger logger, IService service);
}
