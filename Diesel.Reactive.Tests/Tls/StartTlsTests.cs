using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>TLS from the middle of a connection on, behind a command in plain text.</summary>
public class StartTlsTests
{
    private static readonly Framing<ReadOnlyMemory<byte>> Line = Framing.UntilEol();

    private World _world = null!;

    [SetUp]
    public void Start() => _world = new World();

    [TearDown]
    public void Stop() => _world.Dispose();

    [Test]
    public void Both_sides_go_on_within_it([Values(1, 7, 1000)] int cut)
    {
        _world.Starts(Service(7));
        _world.Network.Conditions = new() { Cut = Cut.Of(there => Math.Min(there, cut)) };
        var lines = new List<string>();
        _world.Play(async () =>
        {
            using var connection = await Tcp.Connect("10.0.0.1", 7);
            connection.OnNext("plain\r\nSTARTTLS\r\n".ToBytes());
            lines.Add((await connection.Read(Line)).ToText());
            lines.Add((await connection.Read(Line)).ToText());
            await connection.Upgrade(Authority.Client);
            connection.OnNext("secret\r\n".ToBytes());
            lines.Add((await connection.Read(Line)).ToText());
        });
        Assert.That((string.Concat(lines), _world.Trouble), Is.EqualTo(("plain\r\nGO\r\nsecret\r\n", "")));
        Assert.That(string.Concat(_world.Network.Trace.Entries.Select(static e => e.Bytes.ToText())), Does.Contain("STARTTLS").And.Not.Contain("secret"));
    }

    [TestCase("STARTTLS\r\nEVIL\r\n")]
    [TestCase("STARTTLS\r\n\r\n")]
    public void Plain_text_behind_the_command_is_refused(string text)
    {
        _world.Starts(Service(7));
        var peer = _world.Dials(7).Sends(text);
        Assert.That((peer.Story, _world.Trouble), Is.EqualTo(("GO |", "TlsException")));
        Assert.That(((TlsException)_world.Errors[0].Exception).Fault, Is.EqualTo(TlsFault.NotTls));
    }

    [Test]
    public void So_is_plain_text_before_a_ClientHello()
    {
        _world.Starts(Service(7));
        var hello = _world.ClientHello();
        var good = _world.Dials(7).Sends((byte[])[.. "STARTTLS\r\n"u8, .. hello]);
        var evil = _world.Dials(7).Sends((byte[])[.. "STARTTLS\r\nEVIL\r\n"u8, .. hello]);
        Assert.That(evil.Story, Is.EqualTo("GO |"));
        Assert.That(good.Received, Has.Length.GreaterThan(500));
    }

    [Test]
    public void So_is_plain_text_behind_the_servers_answer()
    {
        _world.Listens(8, static peer => peer.Answers(static _ => "GO\r\nEVIL\r\n"));
        Exception? error = null;
        _world.Play(async () =>
        {
            using var connection = await Tcp.Connect("10.0.0.1", 8);
            connection.OnNext("STARTTLS\r\n".ToBytes());
            await connection.Read(Line);
            try
            {
                await connection.Upgrade(Authority.Client);
            }
            catch (TlsException refused)
            {
                error = refused;
            }
        });
        Assert.That(error, Is.InstanceOf<TlsException>().With.Property("Fault").EqualTo(TlsFault.NotTls).And.Message.Contains("'EVIL"));
    }

    [Test]
    public void A_peer_that_does_not_begin_is_closed()
    {
        var service = _world.Starts(Service(7));
        var peer = _world.Dials(7).Sends("STARTTLS\r\n");
        _world.Passes(16);
        Assert.That((peer.Story, _world.Trouble, service.ConnectionCount), Is.EqualTo(("GO |", "TimeoutException", 0)));
    }

    [Test]
    public void TLS_within_TLS_is_TLS()
    {
        _world.Starts(Service(7, Authority.Server));
        var line = "";
        _world.Play(async () =>
        {
            using var connection = await Tcp.Connect("10.0.0.1", 7, new() { Tls = Authority.Client });
            connection.OnNext("STARTTLS\r\n".ToBytes());
            await connection.Read(Line);
            await connection.Upgrade(Authority.Client);
            connection.OnNext("secret\r\n".ToBytes());
            line = (await connection.Read(Line)).ToText();
        });
        Assert.That((line, _world.Trouble), Is.EqualTo(("secret\r\n", "")));
    }

    [Test]
    public void A_ClientHello_in_one_segment_with_the_command_works()
    {
        using var live = new Live();
        var service = live.Starts(Service(0));
        using var peer = new RawPeer(service.EndPoint);
        using var tls = new SslStream(new PrefixedStream(new NetworkStream(peer.Socket), "STARTTLS\r\n".ToBytes(), "GO\r\n".Length), false, static (_, _, _, _) => true);
        tls.AuthenticateAsClient("localhost");
        tls.Write("secret\r\n"u8);
        var answer = new byte[8];
        tls.ReadExactly(answer);
        Assert.That(Encoding.ASCII.GetString(answer), Is.EqualTo("secret\r\n"));
    }

    private static TcpService Service(int port, TlsServerOptions? from = null) => new(port, static async c =>
    {
        while (true)
        {
            var line = await c.Read(Line);
            if (line.ToText() != "STARTTLS\r\n")
            {
                c.OnNext(line);
                continue;
            }

            c.OnNext("GO\r\n".ToBytes());
            await c.Upgrade(Authority.Server);
        }
    }, new() { Tls = from });
}
