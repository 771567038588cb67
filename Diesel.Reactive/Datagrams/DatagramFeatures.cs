namespace Diesel.Reactive;

/// <summary>Asks a datagram socket for what its network knows beside the datagrams.</summary>
public static class DatagramFeatures
{
    /// <summary>What the socket's network knows: <see cref="IMulticastGroups"/>, <see cref="IHopLimit"/>, or what a network of your own has.</summary>
    /// <typeparam name="T">The kind of knowledge.</typeparam>
    /// <param name="socket">Asked on its hub.</param>
    /// <returns>Null: it knows nothing of the kind, as networks in memory do not, or the socket was disposed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="socket"/> is null.</exception>
    public static T? Feature<T>(this IDatagramSocket socket)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(socket);
        return socket as T ?? (socket as DatagramSocket)?.Transport.Feature<T>();
    }
}
