using System.Net;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A server has become something else, or other servers have become known.</summary>
/// <param name="Server">Which has said so.</param>
/// <param name="Before">What was known.</param>
/// <param name="After">What is known now.</param>
public sealed record MongoTopologyChanged(EndPoint Server, MongoTopology Before, MongoTopology After) : ClientEvent(Server);

/// <summary>A server was asked how it is.</summary>
/// <param name="Server">Which.</param>
/// <param name="Took">How long that took; of a server that says so by itself, how long nothing had changed.</param>
/// <param name="Error">Why it is not known; null: it is.</param>
public sealed record MongoHeartbeat(EndPoint Server, TimeSpan Took, Exception? Error) : ClientEvent(Server);
