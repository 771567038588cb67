using System.Net;
using System.Net.Sockets;

/// <summary>The server of Redis a sample was given; or a redis-server of its own, on a free port of the loopback address.</summary>
internal static class PrivateRedis
{
    public static PrivateServer Unless(string? given)
    {
        if (given is not null)
        {
            return new(given);
        }

        var port = FreePort();
        return PrivateServer.Start(
            "redis-server", "redis://host:6379",
            folder => ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--dir", folder, "--notify-keyspace-events", "KA"],
            process => process.StandardOutput, "Ready to accept", _ => $"redis://127.0.0.1:{port}");
    }

    // Of those that the system gives to nobody who connects: one of his would be taken when the server wants it.
    private static int FreePort()
    {
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(10_000, 32_000)));
                return ((IPEndPoint)socket.LocalEndPoint!).Port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
