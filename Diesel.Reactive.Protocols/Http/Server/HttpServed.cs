namespace Diesel.Reactive.Protocols.Http;

/// <summary>A request that was answered: a line of an access log.</summary>
/// <param name="Request">The request; its body is over.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Began">When its head had come.</param>
/// <param name="Elapsed">From then until the last byte of the answer was queued.</param>
/// <param name="BytesRead">How many bytes of its body were read.</param>
/// <param name="BytesSent">How many bytes the body of the answer had.</param>
public sealed record HttpServed(HttpRequest Request, int Status, DateTimeOffset Began, TimeSpan Elapsed, long BytesRead, long BytesSent);
