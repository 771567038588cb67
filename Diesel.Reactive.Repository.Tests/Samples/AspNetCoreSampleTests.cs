using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>The samples of ASP.NET Core on a hub, asked by .NET's client.</summary>
public class AspNetCoreSampleTests
{
    [Test]
    public async Task The_api_and_the_loop_beside_it_share_what_they_count()
    {
        var (server, at) = await SampleProcess.Serve("aspnetcore");
        await using var _ = server;
        using var client = new HttpClient { BaseAddress = new($"http://{at}/") };
        Assert.That(await client.GetStringAsync(new Uri("hello/ann", UriKind.Relative)), Is.EqualTo("hello ann, you are visitor 1\n"));
        Assert.That(await client.GetStringAsync(new Uri("", UriKind.Relative)), Does.Match("^1 visits in [0-9]+ s\n$"));
    }

    [Test]
    public async Task The_contract_is_served()
    {
        var (server, at) = await SampleProcess.Serve("aspnetcore-contract");
        await using var _ = server;
        using var client = new HttpClient { BaseAddress = new($"http://{at}/") };
        Assert.That(await client.GetStringAsync(new Uri("info/x?y", UriKind.Relative)), Does.Contain("path=/info/x\nquery=?y\n"));
    }

    [Test]
    public async Task A_page_lists_the_files_that_are_there()
    {
        var (server, at) = await SampleProcess.Serve("razor-page", Repository.PathOf("docs/images"));
        await using var _ = server;
        using var client = new HttpClient { BaseAddress = new($"http://{at}/") };
        var page = await client.GetStringAsync(new Uri("", UriKind.Relative));
        Assert.That(page, Does.Contain("<li><a href=\"/files/icon.png\">icon.png</a></li>"));
        Assert.That(await client.GetByteArrayAsync(new Uri("files/icon.png", UriKind.Relative)), Is.EqualTo(await File.ReadAllBytesAsync(Repository.PathOf("docs/images/icon.png"))));
    }

    [Test]
    public async Task What_one_says_in_the_chat_all_hear()
    {
        var (server, at) = await SampleProcess.Serve("signalr-chat");
        await using var _ = server;
        using var ann = await Join(at);
        using var bob = await Join(at);
        await Send(bob, """{"type":1,"target":"Say","arguments":["bob","hello"]}""");
        Assert.That(await Hear(ann, "hello"), Does.Contain("""{"type":1,"target":"said","arguments":["bob","hello"]}"""));
    }

    private static async Task<ClientWebSocket> Join(IPEndPoint at)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{at}/chat"), CancellationToken.None);
        await Send(socket, """{"protocol":"json","version":1}""");
        await Hear(socket, "{}");
        return socket;
    }

    private static Task Send(ClientWebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message + '\u001e'), WebSocketMessageType.Text, true, CancellationToken.None);

    private static async Task<string> Hear(ClientWebSocket socket, string what)
    {
        var (text, buffer) = ("", new byte[4096]);
        while (!text.Contains(what, StringComparison.Ordinal))
        {
            var got = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
            text += Encoding.UTF8.GetString(buffer, 0, got.Count);
        }

        return text;
    }
}
