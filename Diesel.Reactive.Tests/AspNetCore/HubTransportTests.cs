using System.Net;
using System.Net.Sockets;
using System.Text;
using Diesel.Reactive.AspNetCore;
using Microsoft.AspNetCore.Connections;

namespace Diesel.Reactive.Tests;

/// <summary>What a server of ASP.NET Core asks of listeners, connections and dials.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class HubTransportTests(Func<Hub> loop)
{
    private static readonly IPEndPoint Loopback = new(IPAddress.Loopback, 0);

    private Live _live = null!;

    private HubConnectionListenerFactory Listeners => new(new() { Hub = _live.Hub });

    private HubConnectionFactory Dials => new(new() { Hub = _live.Hub });

    [SetUp]
    public void Start() => _live = new Live(loop());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public async Task Both_sides_of_a_connection_talk()
    {
        await using var listener = await Listeners.BindAsync(Loopback);
        await using var client = await Dials.ConnectAsync(listener.EndPoint);
        await using var server = await Accept(listener);
        await client.Transport.Output.WriteAsync("ping"u8.ToArray());
        Assert.That(await Read(server), Is.EqualTo("ping"));
        await server.Transport.Output.WriteAsync("pong"u8.ToArray());
        Assert.That(await Read(client), Is.EqualTo("pong"));
        Assert.That((client.RemoteEndPoint, server.RemoteEndPoint), Is.EqualTo((listener.EndPoint, client.LocalEndPoint)));
        Assert.That(server.ConnectionId, Is.Not.EqualTo(client.ConnectionId).And.Length.EqualTo(16));
    }

    [Test]
    public async Task They_talk_over_a_Unix_socket()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.That(Listeners.CanBind(new UnixDomainSocketEndPoint(path)), Is.True);
        await using var listener = await Listeners.BindAsync(new UnixDomainSocketEndPoint(path));
        await using var client = await Dials.ConnectAsync(listener.EndPoint);
        await using var server = await Accept(listener);
        await client.Transport.Output.WriteAsync("ping"u8.ToArray());
        Assert.That(await Read(server), Is.EqualTo("ping"));
    }

    [Test]
    public async Task A_peer_that_ends_closes_the_connection_and_what_it_sent_is_there()
    {
        await using var listener = await Listeners.BindAsync(Loopback);
        var client = await Dials.ConnectAsync(listener.EndPoint);
        await using var server = await Accept(listener);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.ConnectionClosed.Register(closed.SetResult);
        await client.Transport.Output.WriteAsync("last"u8.ToArray());
        await client.DisposeAsync();
        await closed.Task.WaitAsync(Live.Patience);
        Assert.That(await Read(server), Is.EqualTo("last"));
    }

    [Test]
    public async Task Disposing_sends_what_was_written()
    {
        await using var listener = await Listeners.BindAsync(Loopback);
        await using var client = await Dials.ConnectAsync(listener.EndPoint);
        var server = await Accept(listener);
        await server.Transport.Output.WriteAsync("farewell"u8.ToArray());
        await server.DisposeAsync();
        Assert.That(await Read(client), Is.EqualTo("farewell"));
        Assert.That((await client.Transport.Input.ReadAsync()).IsCompleted, Is.True);
    }

    [Test]
    public async Task Aborting_resets()
    {
        await using var listener = await Listeners.BindAsync(Loopback);
        await using var client = await Dials.ConnectAsync(listener.EndPoint);
        await using var server = await Accept(listener);
        server.Abort();
        Assert.That(async () => await client.Transport.Input.ReadAsync(), Throws.InstanceOf<ConnectionException>());
    }

    [Test]
    public async Task A_listener_that_is_unbound_gives_null()
    {
        await using var listener = await Listeners.BindAsync(Loopback);
        var accepting = listener.AcceptAsync().AsTask();
        await listener.UnbindAsync();
        Assert.That(await accepting.WaitAsync(Live.Patience), Is.Null);
        Assert.That(await listener.AcceptAsync().AsTask().WaitAsync(Live.Patience), Is.Null);
    }

    [Test]
    public async Task A_listener_whose_hub_ends_gives_null()
    {
        await using var listener = await Listeners.BindAsync(Loopback);
        var accepting = listener.AcceptAsync().AsTask();
        _live.Hub.Dispose();
        Assert.That(await accepting.WaitAsync(Live.Patience), Is.Null);
    }

    [Test]
    public async Task A_port_in_use_is_told_in_the_servers_own_words()
    {
        await using var listener = await Listeners.BindAsync(Loopback);
        Assert.That(async () => await Listeners.BindAsync(listener.EndPoint), Throws.InstanceOf<AddressInUseException>());
    }

    [Test]
    public async Task Connections_that_the_server_does_not_take_wait_in_the_backlog()
    {
        await using var listener = await new HubConnectionListenerFactory(new() { Hub = _live.Hub, MaxUnaccepted = 2 }).BindAsync(Loopback);
        var clients = new List<ConnectionContext>();
        for (var i = 0; i < 6; i++)
        {
            clients.Add(await Dials.ConnectAsync(listener.EndPoint));
        }

        // Six of the clients' own, and no more than two accepted, but for what a turn had accepted before it was held.
        Assert.That(() => _live.Hub.Sight.ResourcesOf<ConnectionLife>().Count, Is.EqualTo(8).After(1000, 50));
        for (var i = 0; i < 6; i++)
        {
            await (await Accept(listener)).DisposeAsync();
        }

        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Test]
    public void Nobody_there_is_an_error() =>
        Assert.That(async () => await Dials.ConnectAsync(new IPEndPoint(IPAddress.Loopback, 9)), Throws.InstanceOf<ConnectionException>());

    [Test]
    public void A_dial_can_be_given_up()
    {
        using var token = new CancellationTokenSource();
        var dialling = Dials.ConnectAsync(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 9), token.Token).AsTask();
        token.Cancel();
        Assert.That(async () => await dialling.WaitAsync(Live.Patience), Throws.InstanceOf<OperationCanceledException>().Or.InstanceOf<ConnectionException>());
    }

    private static async Task<ConnectionContext> Accept(IConnectionListener listener) => (await listener.AcceptAsync().AsTask().WaitAsync(Live.Patience))!;

    private static async Task<string> Read(ConnectionContext connection)
    {
        var result = await connection.Transport.Input.ReadAsync().AsTask().WaitAsync(Live.Patience);
        var text = Encoding.UTF8.GetString(result.Buffer);
        connection.Transport.Input.AdvanceTo(result.Buffer.End);
        return text;
    }
}
