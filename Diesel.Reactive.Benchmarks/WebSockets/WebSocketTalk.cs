using System.Text;

namespace Diesel.Reactive.Benchmarks.WebSockets;

/// <summary>What is said over a WebSocket, and what comes back: text frames of up to 125 bytes.</summary>
/// <param name="Path">Where.</param>
/// <param name="Greeting">What is said once; empty: nothing.</param>
/// <param name="Welcome">What comes back to that.</param>
/// <param name="Said">What is said again and again.</param>
/// <param name="Answer">What comes back to that.</param>
internal sealed record WebSocketTalk(string Path, string Greeting, string Welcome, string Said, string Answer)
{
    static readonly byte[] Key = [0x37, 0xfa, 0x21, 0x3d];

    static readonly string Line = "a message of a chat, as long as the lines of the echo".PadRight(64, '.');

    static WebSocketTalk Echo { get; } = new("/ws", "", "", Line, Line);

    // Its own client calls like that, in JSON.
    static WebSocketTalk SignalR { get; } = new(
        "/signalr", "{\"protocol\":\"json\",\"version\":1}\x1e", "{}\x1e",
        "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Echo\",\"arguments\":[\"hello\"]}\x1e", "{\"type\":3,\"invocationId\":\"1\",\"result\":\"hello\"}\x1e");

    public static WebSocketTalk Find(string? name) => name switch
    {
        null or "echo" => Echo,
        "signalr" => SignalR,
        _ => throw new UsageException($"unknown talk '{name}'; known: echo, signalr"),
    };

    /// <summary>As a client sends it.</summary>
    public static byte[] Masked(string text) => [0x81, (byte)(0x80 | text.Length), .. Key, .. Encoding.ASCII.GetBytes(text).Select(static (each, i) => (byte)(each ^ Key[i & 3]))];

    /// <summary>As a server sends it.</summary>
    public static byte[] Plain(string text) => [0x81, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
