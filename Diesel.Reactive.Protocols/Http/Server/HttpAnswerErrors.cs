namespace Diesel.Reactive.Protocols.Http;

/// <summary>What handlers do wrong with their answers.</summary>
internal static class HttpAnswerErrors
{
    public static InvalidOperationException Nothing(HttpRequest request) => new($"The handler of {request} gave no response.");

    public static InvalidOperationException TooLate(HttpRequest request) =>
        new($"{request} is being answered, or was: what goes before the answer is sent before it.");

    /// <summary>Whoever was waited for by nobody any more may have ended for that; what else it threw is worth a look.</summary>
    public static void ReportLate(Hub hub, HttpRequest request, Exception error)
    {
        if (error is not (OperationCanceledException or ConnectionException or ObjectDisposedException or ProtocolException or EndOfStreamException))
        {
            hub.Report(error, $"the handler of {request}, which came too late");
        }
    }
}
