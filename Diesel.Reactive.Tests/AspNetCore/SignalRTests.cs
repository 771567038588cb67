using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Diesel.Reactive.Tests;

/// <summary>SignalR over a hub's sockets, and its own client, by each of its transports.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class SignalRTests(Func<Hub> loop)
{
    private const HttpTransportType WebSockets = HttpTransportType.WebSockets;
    private const HttpTransportType Events = HttpTransportType.ServerSentEvents;
    private const HttpTransportType Polling = HttpTransportType.LongPolling;

    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(loop());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public async Task A_call_is_answered_and_all_are_told([Values(WebSockets, Events, Polling)] HttpTransportType transport)
    {
        await using var server = await Serve();
        await using var one = await Connect(server, transport);
        await using var other = await Connect(server, transport);
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hearing = other.On<string>("said", heard.SetResult);
        Assert.That(await one.InvokeAsync<string>(nameof(Room.Say), "hello").WaitAsync(Live.Patience), Is.EqualTo("HELLO"));
        Assert.That(await heard.Task.WaitAsync(Live.Patience), Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_stream_comes_as_a_stream([Values(WebSockets, Events, Polling)] HttpTransportType transport)
    {
        await using var server = await Serve();
        await using var client = await Connect(server, transport);
        var numbers = new List<int>();
        await foreach (var number in client.StreamAsync<int>(nameof(Room.Count), 1000))
        {
            numbers.Add(number);
        }

        Assert.That(numbers, Is.EqualTo(Enumerable.Range(0, 1000)));
    }

    [Test]
    public async Task Who_leaves_is_missed()
    {
        await using var server = await Serve();
        await using var stays = await Connect(server, WebSockets);
        var missed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hearing = stays.On("left", missed.SetResult);
        await (await Connect(server, WebSockets)).DisposeAsync();
        await missed.Task.WaitAsync(Live.Patience);
    }

    private static async Task<HubConnection> Connect(KestrelOnHub server, HttpTransportType transport)
    {
        var connection = new HubConnectionBuilder().WithUrl(new Uri(server.Address, "/room"), transport).Build();
        await connection.StartAsync().WaitAsync(Live.Patience);
        return connection;
    }

    private Task<KestrelOnHub> Serve() =>
        KestrelOnHub.Start(_live.Hub, static app => app.MapHub<Room>("/room"), HttpProtocols.Http1, configure: static builder => builder.Services.AddSignalR());

    private sealed class Room : Microsoft.AspNetCore.SignalR.Hub
    {
        public async Task<string> Say(string words)
        {
            await Clients.Others.SendAsync("said", words);
            return words.ToUpperInvariant();
        }

        public async IAsyncEnumerable<int> Count(int count)
        {
            for (var i = 0; i < count; i++)
            {
                yield return i;
                await Task.Yield();
            }
        }

        public override Task OnDisconnectedAsync(Exception? exception) => Clients.Others.SendAsync("left");
    }
}
