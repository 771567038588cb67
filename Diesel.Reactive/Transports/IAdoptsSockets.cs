using System.Net;

namespace Diesel.Reactive;

/// <summary>A network that makes transports of stream sockets which somebody else has opened.</summary>
internal interface IAdoptsSockets
{
    /// <param name="descriptor">Connected, and does not block; the transport's from now on.</param>
    /// <param name="remote">Who is at the other end, as errors show it.</param>
    ITransport Adopt(int descriptor, EndPoint remote);
}
