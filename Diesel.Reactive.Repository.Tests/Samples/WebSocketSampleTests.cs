using System.Net.WebSockets;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>The chat and the events, each with clients that others wrote.</summary>
[Parallelizable(ParallelScope.All)]
public class WebSocketSampleTests
{
    [Test]
    public async Task What_one_says_everyone_hears()
    {
        var (process, server) = await SampleProcess.Serve("chat");
        await using var _ = process;
        using var first = await Connect(server.Port);
        Assert.That(await Hear(first), Is.EqualTo("* guest 1 has come"));
        using var second = await Connect(server.Port);
        Assert.That((await Hear(first), await Hear(second)), Is.EqualTo(("* guest 2 has come", "* guest 2 has come")));
        await Say(second, "/name bob");
        await Say(second, "hello <b>all</b>");
        foreach (var each in new[] { first, second })
        {
            Assert.That((await Hear(each), await Hear(each)), Is.EqualTo(("* guest 2 is bob now", "bob: hello <b>all</b>")));
        }

        await second.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default).WaitAsync(Live.Patience);
        Assert.That(await Hear(first), Is.EqualTo("* bob has gone"));
    }

    [Test]
    public async Task Its_page_is_there()
    {
        var (process, server) = await SampleProcess.Serve("chat");
        await using var _ = process;
        using var http = new HttpClient();
        Assert.That(await http.GetStringAsync(new Uri($"http://127.0.0.1:{server.Port}/")).WaitAsync(Live.Patience), Does.Contain("new WebSocket("));
    }

    [Test]
    public async Task Events_are_numbered_and_go_on_where_the_client_was()
    {
        var (process, server) = await SampleProcess.Serve("sse");
        await using var _ = process;
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{server.Port}/events");
        request.Headers.Add("Last-Event-ID", "41");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Live.Patience);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
        Assert.That((await lines.ReadLineAsync().WaitAsync(Live.Patience), await lines.ReadLineAsync().WaitAsync(Live.Patience)), Is.EqualTo(("event: tick", "id: 42")));
    }

    private static async Task<ClientWebSocket> Connect(int port)
    {
        var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/ws"), default).WaitAsync(Live.Patience);
        return client;
    }

    private static Task Say(ClientWebSocket client, string text) => client.SendAsync(Encoding.UTF8.GetBytes(text).AsMemory(), WebSocketMessageType.Text, true, default).AsTask();

    private static async Task<string> Hear(ClientWebSocket client)
    {
        var buffer = new byte[4096];
        var got = await client.ReceiveAsync(buffer.AsMemory(), default).AsTask().WaitAsync(Live.Patience);
        return Encoding.UTF8.GetString(buffer, 0, got.Count);
    }
}
