using Diesel.Reactive;

namespace DieselClient;

/// <summary>Asks by a line and is answered by one. It connects when the first call needs it, and again when the connection is gone.</summary>
public sealed class LineClient(string host, int port, Hub? hub = null)
    : Client(host, port, new() { ConnectTimeout = TimeSpan.FromSeconds(3), Reconnect = new() { MaxWait = TimeSpan.FromSeconds(10) } }, hub)
{
    /// <summary>The answer, within five seconds; else a <see cref="TimeoutException"/>, and the next call gets a fresh connection.</summary>
    public Awaitable<string> Ask(string line) => Call(async connection =>
    {
        connection.OnNext($"{line}\r\n".ToBytes());
        return await connection.Read(Framing.Lines()).Timeout(TimeSpan.FromSeconds(5));
    });
}
