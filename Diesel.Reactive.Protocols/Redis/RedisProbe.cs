using System.Net;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A connection for a few questions.</summary>
internal static class RedisProbe
{
    /// <summary>Connects, logs in, asks, and closes.</summary>
    /// <param name="server">Whom.</param>
    /// <param name="options">As whom.</param>
    /// <param name="hub">Where.</param>
    /// <param name="asks">What.</param>
    public static async Task<T> Ask<T>(EndPoint server, RedisOptions options, Hub hub, Func<RedisHandshake, Task<T>> asks)
    {
        using var connection = await Tcp.Connect(server, options, hub);
        var handshake = new RedisHandshake(connection, options, new RespFraming(options.Limits));
        await handshake.Run();
        return await asks(handshake);
    }
}
