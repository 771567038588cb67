using System.Net;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A call waited for a connection, and all connections to the server were given up meanwhile, as one of them had failed.</summary>
/// <remarks>Nothing was sent. The inner exception is what had failed.</remarks>
public sealed class MongoPoolClearedException : ConnectionException
{
    internal MongoPoolClearedException(EndPoint server, Exception why)
        : base($"The connections to {MongoEndPoint.Shown(server)} were given up while a call waited for one: {why.Message}", server, why)
    {
    }
}
