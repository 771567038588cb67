/// <summary>The server of NATS a sample was given; or a nats-server with JetStream of its own, on the loopback address.</summary>
internal static class PrivateNats
{
    private const string Listens = "Listening for client connections on ";

    public static PrivateServer Unless(string? given) => given is not null ? new(given) : PrivateServer.Start(
        "nats-server", "nats://host:4222", folder => ["-a", "127.0.0.1", "-p", "-1", "-js", "-sd", folder], process => process.StandardError, "Server is ready",
        said => $"nats://{said.First(line => line.Contains(Listens, StringComparison.Ordinal)).Split(Listens)[1]}");
}
