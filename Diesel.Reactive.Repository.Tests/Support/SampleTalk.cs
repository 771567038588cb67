using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>Conversations with a sample over plain sockets: text goes out in pieces, and all that comes back is text.</summary>
internal static class SampleTalk
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(40);

    public static IEnumerable<string> Whole(string text) => [text];

    public static IEnumerable<string> ByteByByte(string text) => text.Select(letter => letter.ToString());

    public static IEnumerable<string> AtRandom(string text)
    {
        var random = new Random(TestContext.CurrentContext.Random.Next());
        for (var at = 0; at < text.Length;)
        {
            var count = Math.Min(random.Next(1, 9), text.Length - at);
            yield return text.Substring(at, count);
            at += count;
        }
    }

    /// <summary>What a task gives, or a failure when it takes too long.</summary>
    public static Task<T> InTime<T>(ValueTask<T> task) => task.AsTask().WaitAsync(Deadline);

    public static async Task<Socket> Connect(IPEndPoint server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var deadline = new CancellationTokenSource(Deadline);
        await socket.ConnectAsync(server, deadline.Token);
        return socket;
    }

    /// <summary>Says the pieces, ends its side, and gives all that was answered.</summary>
    public static async Task<string> Ask(IPEndPoint server, IEnumerable<string> pieces)
    {
        using var socket = await Connect(server);
        return await Ask(socket, pieces);
    }

    public static async Task<string> Ask(Socket socket, IEnumerable<string> pieces)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var answer = ReadToEnd(socket, deadline.Token);
        foreach (var piece in pieces)
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(piece), deadline.Token);
        }

        socket.Shutdown(SocketShutdown.Send);
        return await answer;
    }

    /// <summary>Opens all connections, says the same on each at once, and gives the different answers.</summary>
    public static async Task<HashSet<string>> AskAtOnce(int clients, IPEndPoint server, string text)
    {
        var sockets = new List<Socket>();
        try
        {
            while (sockets.Count < clients)
            {
                sockets.Add(await Connect(server));
            }

            return [.. await Task.WhenAll(sockets.Select(socket => Ask(socket, [text])))];
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>Reads exactly so many bytes.</summary>
    public static async Task<string> Read(Socket socket, int count)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var stream = new NetworkStream(socket);
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, deadline.Token);
        return Encoding.Latin1.GetString(bytes);
    }

    /// <summary>Reads up to a text, and nothing is behind it.</summary>
    public static async Task<string> ReadUntil(Socket socket, string end)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var (text, bytes) = (new StringBuilder(), new byte[64 * 1024]);
        while (!text.ToString(Math.Max(0, text.Length - end.Length), Math.Min(end.Length, text.Length)).Equals(end, StringComparison.Ordinal))
        {
            var count = await socket.ReceiveAsync(bytes, deadline.Token);
            text.Append(count > 0 ? Encoding.Latin1.GetString(bytes, 0, count) : throw new EndOfStreamException($"It ended before '{end}'."));
        }

        return text.ToString();
    }

    /// <summary>Reads until the end.</summary>
    public static async Task<string> ReadToEnd(Socket socket)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        return await ReadToEnd(socket, deadline.Token);
    }

    public static Task Say(Socket socket, string text) => socket.SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>A datagram and its reply; lost ones are sent again.</summary>
    public static async Task<string> AskDatagram(IPEndPoint server, string text)
    {
        using var socket = new UdpClient();
        socket.Connect(server);
        for (var attempt = 1; ; attempt++)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            try
            {
                await socket.SendAsync(Encoding.Latin1.GetBytes(text), patience.Token);
                return Encoding.Latin1.GetString((await socket.ReceiveAsync(patience.Token)).Buffer);
            }
            catch (OperationCanceledException) when (attempt < 10)
            {
            }
        }
    }

    private static async Task<string> ReadToEnd(Socket socket, CancellationToken deadline)
    {
        using var answer = new MemoryStream();
        using var stream = new NetworkStream(socket);
        await stream.CopyToAsync(answer, deadline);
        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
