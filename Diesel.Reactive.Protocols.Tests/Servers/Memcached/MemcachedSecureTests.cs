using System.Net;
using System.Net.Sockets;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>memcached with TLS, with names and passwords, by a path, with larger values; and the service of this library the same.</summary>
public class MemcachedSecureTests
{
    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live();

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public void Over_TLS_it_is_the_same_and_who_is_not_trusted_is_told_as_that([Values] bool isOurs)
    {
        using var files = new PemFolder();
        using var theirs = isOurs ? null : new MemcachedDaemon("-Z", "-o", $"ssl_chain_cert={files["cert.pem"]},ssl_key={files["key.pem"]}");
        var port = theirs?.Port ?? Serves(new() { Tls = new TlsServerOptions { Certificate = Authority.Localhost } }).Port;
        using (var cache = new MemcachedClient($"memcacheds://localhost:{port}", new() { Tls = new TlsClientOptions { TrustedRoots = Authority.Shared.Roots } }, _live.Hub))
        {
            var value = new string('x', 1_000_000);
            Assert.That(_live.Await(cache.Set("k", value)), Is.EqualTo(Stored.Stored));
            Assert.That($"{_live.Await(cache.Get("k"))}", Is.EqualTo(value));
            Assert.That(_live.Await(cache.GetMany(Enumerable.Range(0, 1000).Select(static n => (Bytes)$"{n}").Append("k"))), Has.Count.EqualTo(1));
        }

        using var stranger = new MemcachedClient($"memcacheds://localhost:{port}", new() { Timeout = TimeSpan.FromSeconds(5) }, _live.Hub);
        var failed = stranger.Events.OfType<ClientConnectFailed>().FirstAsync().Replay();
        using var connection = failed.Connect();
        Assert.That(() => _live.Await(stranger.Get("k")), Throws.Exception);
        Assert.That(_live.Await(failed).Reason, Is.TypeOf<TlsException>().With.Property("Fault").EqualTo(TlsFault.UnknownAuthority)
            .Or.Property("InnerException").TypeOf<TlsException>());
    }

    [Test]
    public void Who_has_name_and_password_is_let_in([Values] bool isOurs)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "ann:secret\nbob:other\n");
            using var theirs = isOurs ? null : new MemcachedDaemon("-Y", file);
            var port = theirs?.Port ?? Serves(new() { LogIn = static (name, password) => (name, password) is ("ann", "secret") or ("bob", "other") }).Port;
            using (var cache = new MemcachedClient($"memcached://ann:secret@127.0.0.1:{port}", hub: _live.Hub))
            {
                Assert.That(_live.Await(cache.Set("k", "v")), Is.EqualTo(Stored.Stored));
                Assert.That($"{_live.Await(cache.Get("k"))}", Is.EqualTo("v"));
            }

            using (var wrong = new MemcachedClient($"memcached://ann:wrong@127.0.0.1:{port}", hub: _live.Hub))
            {
                Assert.That(() => _live.Await(wrong.Get("k")), Throws.TypeOf<MemcachedErrorException>().With.Message.EqualTo("CLIENT_ERROR authentication failure"));
            }

            using var nobody = new MemcachedClient($"127.0.0.1:{port}", hub: _live.Hub);
            Assert.That(() => _live.Await(nobody.Get("k")), Throws.TypeOf<MemcachedErrorException>().With.Message.EqualTo("CLIENT_ERROR unauthenticated"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void Before_that_everything_is_refused_as_memcached_does()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "ann:secret\n");
            using var theirs = new MemcachedDaemon("-Y", file);
            var ours = Serves(new() { LogIn = static (name, password) => (name, password) == ("ann", "secret") });
            foreach (var asks in new[] { "get k\r\n", "mg k v\r\n", "mn\r\n", "version\r\n", "flush_all\r\n", "nonsense\r\n" })
            {
                Assert.That(Answers(ours.EndPoint, asks), Is.EqualTo(Answers(theirs.EndPoint, asks)), asks);
            }

            // What follows a login in the same segment memcached takes for a part of it.
            foreach (var (asks, answer) in new[] { ("set k 0 0 5\r\nwrong\r\n", "CLIENT_ERROR bad authentication token format\r\n"), ("set k 0 0 9\r\nann wrong\r\n", "CLIENT_ERROR authentication failure\r\n"), ("set k 0 0 10\r\nann secret\r\n", "STORED\r\n") })
            {
                foreach (var server in new[] { ours.EndPoint, theirs.EndPoint })
                {
                    using var peer = new RawPeer(server);
                    Assert.That(peer.Sends(asks).Reads(answer.Length), Is.EqualTo(answer));
                }
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void A_path_is_a_server([Values] bool isOurs)
    {
        var folder = Directory.CreateTempSubdirectory("mc-");
        try
        {
            var place = new UnixDomainSocketEndPoint(Path.Join(folder.FullName, "s"));
            using var theirs = isOurs ? null : new Daemon(MemcachedDaemon.Program, MemcachedDaemon.Package, null, place, "-s", $"{place}", "-u", "root", "-U", "0");
            _ = isOurs ? _live.Starts(new MemcachedService(place)) : null;
            using var cache = new MemcachedClient($"unix://{place}", hub: _live.Hub);
            Assert.That(_live.Await(cache.Set("k", "v")), Is.EqualTo(Stored.Stored));
            Assert.That($"{_live.Await(cache.Get("k"))}", Is.EqualTo("v"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void Two_mebibytes_are_a_value_where_server_and_client_say_so([Values] bool isOurs)
    {
        const int TwoMebibytes = 2 * 1024 * 1024;
        using var theirs = isOurs ? null : new MemcachedDaemon("-I", "2m");
        var port = theirs?.Port ?? Serves(new() { Limits = new() { MaxValue = TwoMebibytes } }).Port;
        using var cache = new MemcachedClient($"127.0.0.1:{port}", new() { Limits = new() { MaxValue = TwoMebibytes } }, _live.Hub);
        var value = new byte[TwoMebibytes - 512];
        new Random(1).NextBytes(value);
        Assert.That(_live.Await(cache.Set("k", value)), Is.EqualTo(Stored.Stored));
        Assert.That(_live.Await(cache.Get("k")), Is.EqualTo((Bytes?)value));
        using var modest = new MemcachedClient($"127.0.0.1:{port}", hub: _live.Hub);
        Assert.That(() => _live.Await(modest.Get("k")), Throws.TypeOf<ReplyLostException>().With.Message.Contain(nameof(MemcachedLimits.MaxValue)).And.InnerException.TypeOf<ProtocolException>());
    }

    private MemcachedService Serves(MemcachedServiceOptions options) => _live.Starts(new MemcachedService(new IPEndPoint(IPAddress.Loopback, 0), options: options));

    private static string Answers(EndPoint server, string asks)
    {
        using var peer = new RawPeer(server);
        return peer.Sends(asks + "quit\r\n").Ends().ReadsToEnd().Text;
    }
}
