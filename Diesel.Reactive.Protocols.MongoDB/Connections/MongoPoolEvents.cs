using System.Net;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What happened to the connections to a server; the words are those of the driver specifications (CMAP).</summary>
/// <param name="Server">Which.</param>
public abstract record MongoPoolEvent(EndPoint Server) : ClientEvent(Server);

/// <summary>A server has become known, to which there will be connections.</summary>
/// <param name="Server">Which.</param>
public sealed record MongoPoolCreated(EndPoint Server) : MongoPoolEvent(Server);

/// <summary>From now on connections are opened.</summary>
/// <param name="Server">To which server.</param>
public sealed record MongoPoolReady(EndPoint Server) : MongoPoolEvent(Server);

/// <summary>All connections there are will be closed: those that are used when they come back. None is opened before the server is known again.</summary>
/// <param name="Server">To which server.</param>
/// <param name="Reason">Why.</param>
public sealed record MongoPoolCleared(EndPoint Server, Exception Reason) : MongoPoolEvent(Server);

/// <summary>No connection is opened any more.</summary>
/// <param name="Server">To which server.</param>
public sealed record MongoPoolClosed(EndPoint Server) : MongoPoolEvent(Server);

/// <summary>A connection is being opened.</summary>
/// <param name="Server">To which server.</param>
/// <param name="Id">Its number, from 1.</param>
public sealed record MongoConnectionCreated(EndPoint Server, int Id) : MongoPoolEvent(Server);

/// <summary>A connection is ready for calls.</summary>
/// <param name="Server">To which server.</param>
/// <param name="Id">Its number.</param>
/// <param name="Took">How long that took.</param>
public sealed record MongoConnectionReady(EndPoint Server, int Id, TimeSpan Took) : MongoPoolEvent(Server);

/// <summary>A connection was closed.</summary>
/// <param name="Server">To which server.</param>
/// <param name="Id">Its number.</param>
/// <param name="Reason"><c>stale</c> (of before the pool was cleared), <c>idle</c>, <c>error</c> or <c>poolClosed</c>.</param>
public sealed record MongoConnectionClosed(EndPoint Server, int Id, string Reason) : MongoPoolEvent(Server);

/// <summary>A call wants a connection.</summary>
/// <param name="Server">To which server.</param>
public sealed record MongoCheckOutStarted(EndPoint Server) : MongoPoolEvent(Server);

/// <summary>A call has a connection.</summary>
/// <param name="Server">To which server.</param>
/// <param name="Id">Its number.</param>
/// <param name="Took">How long the call waited.</param>
public sealed record MongoCheckedOut(EndPoint Server, int Id, TimeSpan Took) : MongoPoolEvent(Server);

/// <summary>A call gets no connection.</summary>
/// <param name="Server">To which server.</param>
/// <param name="Reason">Why.</param>
public sealed record MongoCheckOutFailed(EndPoint Server, Exception Reason) : MongoPoolEvent(Server);

/// <summary>A connection came back.</summary>
/// <param name="Server">To which server.</param>
/// <param name="Id">Its number.</param>
public sealed record MongoCheckedIn(EndPoint Server, int Id) : MongoPoolEvent(Server);
