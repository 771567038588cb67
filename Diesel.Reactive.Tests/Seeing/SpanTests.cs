using System.Diagnostics;
using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>The library's spans beside those of the runtime's own sources.</summary>
[NonParallelizable]
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class SpanTests(Func<Hub> loop)
{
    private const string Ours = "Diesel.Reactive.Connect";
    private const string Lookup = "Experimental.System.Net.NameResolution.DnsLookup";
    private const string Handshake = "Experimental.System.Net.Security.TlsHandshake";
    private const string SocketConnect = "Experimental.System.Net.Sockets.Connect";

    private static readonly string[] Runtime =
        ["Experimental.System.Net.NameResolution", "Experimental.System.Net.Sockets", "Experimental.System.Net.Security", "Experimental.System.Net.Http.Connections"];

    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(loop());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public void A_dial_is_one_span_and_the_parent_of_what_the_runtime_does_for_it()
    {
        using var telemetry = new Telemetry(Runtime);
        using var peer = new RawPeer();
        _live.Await(Tcp.Connect("localhost", peer.Port, hub: _live.Hub));
        var ours = telemetry.Spans.Single(span => span.OperationName == Ours);
        Assert.That(telemetry.Spans.Where(span => span != ours).Select(span => (span.OperationName, span.ParentId)).Distinct(),
            Is.SubsetOf(new[] { (Lookup, ours.Id), (SocketConnect, ours.Id) }).And.Member((Lookup, ours.Id)));
    }

    [Test]
    public void A_dial_tells_where_to_and_whom_it_found()
    {
        using var telemetry = new Telemetry();
        using var peer = new RawPeer();
        _live.Await(Tcp.Connect("127.0.0.1", peer.Port, hub: _live.Hub));
        var span = telemetry.Spans.Single();
        Assert.That((span.Kind, span.DisplayName, span.Status), Is.EqualTo((ActivityKind.Client, $"connect 127.0.0.1:{peer.Port}", ActivityStatusCode.Unset)));
        Assert.That(span.TagObjects.ToDictionary(), Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["server.address"] = "127.0.0.1",
            ["server.port"] = peer.Port,
            ["network.transport"] = "tcp",
            ["network.peer.address"] = "127.0.0.1",
            ["network.peer.port"] = peer.Port,
            ["network.type"] = "ipv4",
        }));
    }

    [Test]
    public void The_handshake_of_a_dial_with_TLS_is_a_part_of_it()
    {
        using var telemetry = new Telemetry(Runtime);
        var service = _live.Starts(new TcpService(new IPEndPoint(IPAddress.Loopback, 0), static connection => connection, new() { Tls = Authority.Server }));
        _live.Await(Tcp.Connect("127.0.0.1", service.Port, new() { Tls = Authority.Client }, _live.Hub));
        var ours = telemetry.Spans.Single(span => span.OperationName == Ours);
        Assert.That(telemetry.Spans.Count(span => span.OperationName == Handshake && span.ParentId == ours.Id), Is.EqualTo(1));
    }

    [Test]
    public void A_dial_in_vain_has_an_error_type()
    {
        using var telemetry = new Telemetry();
        var peer = new RawPeer();
        var port = peer.Port;
        peer.Dispose();
        Assert.That(() => _live.Await(Tcp.Connect("127.0.0.1", port, hub: _live.Hub)), Throws.InstanceOf<ConnectionException>());
        var span = telemetry.Spans.Single();
        Assert.That((span.Status, span.GetTagItem("error.type")), Is.EqualTo((ActivityStatusCode.Error, "Diesel.Reactive.ConnectionException")));
    }

    [Test]
    public void A_dial_that_is_given_up_is_over()
    {
        using var telemetry = new Telemetry();
        _live.Do(() => Tcp.Connect(new IPEndPoint(IPAddress.Parse("127.0.0.1"), 9), hub: _live.Hub).Subscribe(static _ => { }, static _ => { }).Dispose());
        _live.Do(static () => { });
        Assert.That(telemetry.Spans.Single().GetTagItem("error.type"), Is.EqualTo("cancelled"));
    }

    [Test]
    public void The_callers_span_is_the_parent_wherever_it_calls_from()
    {
        using var telemetry = new Telemetry("test");
        using var source = new ActivitySource("test");
        using var peer = new RawPeer();
        using (source.StartActivity("outside"))
        {
            _live.Await(Tcp.Connect("127.0.0.1", peer.Port, hub: _live.Hub).AsTask());
        }

        _live.Run(async () =>
        {
            using var inside = source.StartActivity("inside");
            await Tcp.Connect("127.0.0.1", peer.Port);
            Assert.That(Activity.Current, Is.EqualTo(inside));
        });
        Assert.That(telemetry.Spans.Where(span => span.OperationName == Ours).Select(span => span.Parent!.OperationName), Is.EqualTo(new[] { "outside", "inside" }));
    }

    [Test]
    public void Where_HttpClient_asks_for_a_connection_its_span_is_the_parent()
    {
        using var telemetry = new Telemetry(Runtime);
        var service = _live.Starts(new TcpService(new IPEndPoint(IPAddress.Loopback, 0), static connection =>
            connection.Until("\r\n\r\n"u8.ToArray()).Select(static _ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".ToBytes())));
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, token) => (await Tcp.Connect(context.DnsEndPoint, hub: _live.Hub).Until(token).AsTask()).AsStream(),
        });
        Assert.That(_live.Await(client.GetStringAsync(new Uri($"http://127.0.0.1:{service.Port}/"))), Is.EqualTo("ok"));
        var ours = telemetry.Spans.Single(span => span.OperationName == Ours);
        Assert.That(ours.Parent?.Source.Name, Is.EqualTo("Experimental.System.Net.Http.Connections"));
    }

    [Test]
    public void Nobody_else_on_the_hub_is_within_the_span()
    {
        using var telemetry = new Telemetry();
        using var peer = new RawPeer();
        var present = _live.Run(async () =>
        {
            await Tcp.Connect("127.0.0.1", peer.Port);
            return Activity.Current;
        });
        Assert.That((present, _live.Do(static () => Activity.Current)), Is.EqualTo(((Activity?)null, (Activity?)null)));
    }
}
