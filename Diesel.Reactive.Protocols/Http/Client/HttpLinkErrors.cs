namespace Diesel.Reactive.Protocols.Http;

/// <summary>What can go wrong on a connection to a server, in words.</summary>
internal static class HttpLinkErrors
{
    public static ConnectionException Closed(HttpLink link, HttpCall? call) =>
        new($"{link.Connection} was closed by the server{(call is null ? "" : $" before it had answered {call}")}.", link.Connection.RemoteEndPoint);

    public static ConnectionException Unwanted(HttpLink link) => new($"{link.Connection} was closed: nobody wanted the rest of an answer.", link.Connection.RemoteEndPoint);

    public static TimeoutException Late(HttpCall call, bool isBody) =>
        new(isBody ? $"The body of the answer to {call} did not go on in time." : $"{call} was not answered within {call.Options.Timeout}.");

    public static HttpRefusedException NotProposed(HttpCall? call) => new(502, "RFC 9110 §7.8", $"{call} was answered by another protocol, and proposed none");

    public static HttpRefusedException TooManyInterims(HttpCall? call) =>
        new(502, "RFC 9110 §15.2", $"There are more than {call?.Options.MaxInterim} interim answers to {call}");
}
