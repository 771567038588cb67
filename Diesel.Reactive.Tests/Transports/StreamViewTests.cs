using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Reactive;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Diesel.Reactive.Tests;

/// <summary>Connections as streams and streams as connections, on real sockets and any thread.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StreamViewTests(Func<Hub> newHub) : IDisposable
{
    private const int Much = 4_000_000;

    private readonly Live _live = new(newHub());

    public void Dispose() => _live.Dispose();

    [Test]
    public async Task Much_goes_both_ways_through_a_stream()
    {
        var service = _live.Starts(new TcpService(0, static c => c));
        var connection = _live.Await(Tcp.Connect("127.0.0.1", service.Port, null, _live.Hub));
        await using var stream = connection.AsStream();
        Assert.That(await Echoed(stream, connection.OnCompleted), Is.True);
    }

    [Test]
    public async Task And_through_a_blocking_one()
    {
        var service = _live.Starts(new TcpService(0, static c => c));
        var connection = _live.Await(Tcp.Connect("127.0.0.1", service.Port, null, _live.Hub));
        using var stream = connection.AsStream();
        using var writer = new StreamWriter(stream) { AutoFlush = true };
        using var reader = new StreamReader(stream);
        await Task.Run(() =>
        {
            writer.WriteLine("hello");
            Assert.That(reader.ReadLine(), Is.EqualTo("hello"));
        });
        Assert.That(() => _live.Do(() => stream.ReadByte()), Throws.InvalidOperationException.With.Message.Contains("would block the hub"));
    }

    [Test]
    public async Task Disposed_it_closes_the_connection_unless_that_is_left_open([Values] bool leaveOpen)
    {
        var (connection, peer) = _live.Wire();
        var stream = connection.AsStream(leaveOpen);
        var reading = stream.ReadAsync(new byte[1]);
        await stream.WriteAsync("a"u8.ToArray());
        Assert.That(peer.Reads(1), Is.EqualTo("a"));
        await stream.DisposeAsync();
        Assert.That(async () => await reading, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(async () => await stream.ReadAsync(new byte[1]), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(stream.CanRead, Is.False);
        if (leaveOpen)
        {
            connection.OnNext("b"u8.ToArray());
            Assert.That(peer.Reads(1), Is.EqualTo("b"));
        }
        else
        {
            Assert.That(peer.ReadsToEnd(), Is.EqualTo(("", (SocketError?)null)));
        }

        peer.Dispose();
    }

    [Test]
    public async Task A_reset_is_an_IOException()
    {
        var (connection, peer) = _live.Wire();
        await using var stream = connection.AsStream();
        var reading = stream.ReadAsync(new byte[1]);
        peer.Resets();
        Assert.That(async () => await reading, Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task A_stream_is_a_connection()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var server = await listener.AcceptTcpClientAsync();
        var connection = _live.Do(() => Tcp.Over(server.GetStream(), null, _live.Hub));
        Assert.That(connection.RemoteEndPoint, Is.EqualTo(server.Client.RemoteEndPoint));
        _live.Do(() => connection.Subscribe(connection));
        Assert.That(await Echoed(client.GetStream(), () => client.Client.Shutdown(SocketShutdown.Send)), Is.True);
    }

    [Test]
    public async Task A_connection_over_a_stream_over_a_connection_is_one_still()
    {
        var service = _live.Starts(new TcpService(0, static c => c));
        var inner = _live.Await(Tcp.Connect("127.0.0.1", service.Port, null, _live.Hub));
        var outer = _live.Do(() => Tcp.Over(inner.AsStream(), null, _live.Hub));
        await using var stream = outer.AsStream();
        Assert.That(await Echoed(stream, outer.OnCompleted), Is.True);
    }

    [Test]
    public void A_stream_that_breaks_breaks_its_connection()
    {
        var (inner, peer) = _live.Wire();
        var outer = _live.Do(() => Tcp.Over(inner.AsStream(), null, _live.Hub));
        var end = Task.Run(async () => await outer.Read(Framing.UntilEol()));
        peer.Resets();
        Assert.That(() => _live.Await(end), Throws.InstanceOf<ConnectionException>());
    }

    [Test]
    public void A_stream_one_way_is_no_connection() => Assert.That(
        () => _live.Do(() => Tcp.Over(new MemoryStream([], writable: false), null, _live.Hub)), Throws.ArgumentException);

    // What TLS will be made of: a stream below, a handshake, a stream above.
    [Test]
    public async Task Tls_runs_over_it()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue.AddYears(-1));
        var service = _live.Starts(new TcpService(0, async c =>
        {
            var tls = new SslStream(c.AsStream());
            await tls.AuthenticateAsServerAsync(certificate);
            var plain = Tcp.Over(tls);
            var over = new AwaitableSource<Unit>();
            plain.Closed.Register(() => over.TrySetResult(Unit.Default));
            plain.Subscribe(plain);
            await over;
        }));
        var connection = _live.Await(Tcp.Connect("127.0.0.1", service.Port, null, _live.Hub));
        await using var stream = new SslStream(connection.AsStream(), false, static (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync("test");
        Assert.That(await Echoed(stream, () => stream.ShutdownAsync()), Is.True);
    }

    // Sends and receives at once; what comes back is what was sent, up to the end.
    private static async Task<bool> Echoed(Stream stream, Action end)
    {
        var sent = new byte[Much];
        new Random(1).NextBytes(sent);
        var writing = Task.Run(async () =>
        {
            for (var at = 0; at < Much; at += 50_000)
            {
                await stream.WriteAsync(sent.AsMemory(at, 50_000));
            }

            end();
        });
        using var received = new MemoryStream();
        await stream.CopyToAsync(received).WaitAsync(Live.Patience);
        await writing;
        return received.ToArray().AsSpan().SequenceEqual(sent);
    }
}
