using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>A client that sends text as it is, and reads as far as it is told.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };

    private RawClient()
    {
    }

    public static async Task<RawClient> Connect(WebOnHub web)
    {
        var client = new RawClient();
        await client._client.ConnectAsync(IPAddress.Loopback, web.Address.Port);
        return client;
    }

    public async Task Send(string text) => await _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));

    /// <summary>Reads until something has come.</summary>
    public async Task<string> Read(string until)
    {
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        while (!text.ToString().Contains(until, StringComparison.Ordinal))
        {
            var count = await _client.GetStream().ReadAsync(buffer).AsTask().WaitAsync(Live.Patience);
            Assert.That(count, Is.Positive, $"The server has ended behind: {text}");
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    /// <summary>Reads until the server ends.</summary>
    public async Task<string> ReadAll()
    {
        using var reader = new StreamReader(_client.GetStream());
        return await reader.ReadToEndAsync().WaitAsync(Live.Patience);
    }

    /// <summary>Is gone: the connection is reset.</summary>
    public void Leave()
    {
        _client.Client.LingerState = new(true, 0);
        _client.Client.Close();
    }

    public void Dispose() => _client.Dispose();
}
