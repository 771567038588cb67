using System.Net;

namespace Diesel.Reactive.Testing;

/// <summary>Who waits at an endpoint for one dial.</summary>
internal interface IDuplexPeer
{
    /// <summary>Whether the dial has come.</summary>
    bool IsTaken { get; }

    /// <summary>The transport of the dial that met this peer.</summary>
    ITransport Answer(EndPoint local, EndPoint remote, IHub hub);
}
