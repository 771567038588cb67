using System.Net;
using System.Security.Cryptography.X509Certificates;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>All that can be wrong between a client and a server: each is one clear error in time, tells no secret, and is not tried again and again.</summary>
public class RedisTroubleTests
{
    private const string Secret = "topsecret";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private RedisServer _server = null!;
    private Live _live = null!;
    private RedisClient _redis = null!;
    private DirectoryInfo _folder = null!;
    private int _tlsPort;

    private static readonly Trouble[] Troubles =
    [
        new("wrong password", test => test.Uri($"alice:{Secret}@"), "RedisErrorException", "WRONGPASS"),
        new("unknown user", test => test.Uri($"nobody:{Secret}@"), "RedisErrorException", "WRONGPASS"),
        new("no password", test => test.Closed.Uri(), "RedisErrorException", "NOAUTH"),
        new("database out of range", test => test.Uri($"bob:{Secret}@", "/99"), "RedisErrorException", "DB index is out of range"),
        new("foreign certificate", test => $"rediss://bob:{Secret}@localhost:{test._tlsPort}", "TlsException", "authority"),
        new("certificate for another name", test => $"rediss://bob:{Secret}@127.0.0.1:{test._tlsPort}", "TlsException", "127.0.0.1", Trusts: true),
        new("plain text to a port for TLS", test => $"redis://bob:{Secret}@localhost:{test._tlsPort}", "TimeoutException", "was not sent to localhost:"),
        new("TLS to a port for plain text", test => $"rediss://bob:{Secret}@localhost:{test._server.Port}", "", "", Trusts: true),
        new("closed port", _ => $"redis://bob:{Secret}@127.0.0.1:{Daemon.FreePort().Port}", "TimeoutException", "refused"),
        new("unknown name", _ => $"redis://bob:{Secret}@no.such.host.invalid", "", "no.such.host.invalid"),
        new("a name that cannot be one", _ => $"redis://bob:{Secret}@{new string('n', 300)}", "", "nnn"),
        new("says nothing", test => test.Says(_ => { }), "TimeoutException", "within 00:00:01"),
        new("answers garbage", test => test.Says(client => client.OnNext("HTTP/1.1 400 Bad Request\r\n\r\n".ToBytes())), "ProtocolException", "0x48"),
        new("closes", test => test.Says(client => client.Dispose()), "TimeoutException", "ended the connection"),
        new("closes in the midst of a reply", test => test.Says(client =>
        {
            client.OnNext("%7\r\n$6\r\nserver\r\n$5\r\nre".ToBytes());
            client.Dispose();
        }), "TimeoutException", "closed in the middle of a frame"),
        new("greets, and answers garbage", test => test.Says(client => client.OnNext("%0\r\n!\r\n".ToBytes())), "TimeoutException", "length"),
    ];

    internal RedisServer Closed { get; private set; } = null!;

    [OneTimeSetUp]
    public void Start()
    {
        (_folder, _tlsPort) = (Directory.CreateTempSubdirectory("redis-tls-"), Daemon.FreePort().Port);
        var certificate = Authority.Localhost.Certificate;
        var (certificateFile, keyFile) = (Path.Join(_folder.FullName, "certificate.pem"), Path.Join(_folder.FullName, "key.pem"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        _server = RedisServer.Start("--tls-port", $"{_tlsPort}", "--tls-cert-file", certificateFile, "--tls-key-file", keyFile, "--tls-auth-clients", "no", "--tls-ca-cert-dir", _folder.FullName);
        Closed = RedisServer.Start("--requirepass", Secret);
        _live = new Live();
        _redis = new RedisClient(_server.Uri(), hub: _live.Hub);
        _live.Await(_redis.Command("ACL SETUSER", "alice", "on", ">other", "~*", "+@all"));
        _live.Await(_redis.Command("ACL SETUSER", "bob", "on", $">{Secret}", "~*", "+ping", "+select", "+hello"));
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _redis?.Dispose();
        _live?.Dispose();
        _server?.Dispose();
        Closed?.Dispose();
        _folder?.Delete(recursive: true);
    }

    // Somebody who does not give up, for a while; ten seconds in the long run.
    [Test]
    public void Each_is_told_in_time_and_not_tried_too_often() => _live.Run(async () =>
    {
        var all = await Task.WhenAll(Troubles.Select(Meets));
        Assert.Multiple(() =>
        {
            foreach (var (trouble, first, dials, told) in all)
            {
                TestContext.Out.WriteLine($"{trouble.Name}: {first.GetType().Name}: {first.Message} ({dials} dials)");
                Assert.That(first.Message, Does.Contain(trouble.Says), trouble.Name);
                Assert.That(first.GetType().Name, trouble.Error.Length == 0 ? Is.Not.Empty : Is.EqualTo(trouble.Error), trouble.Name);
                Assert.That(dials, Is.InRange(1, 20), trouble.Name);
                Assert.That(told, Does.Not.Contain(Secret), trouble.Name);
            }
        });
    });

    [Test]
    public void What_a_user_may_not_is_that_commands_error_alone()
    {
        using var bob = new RedisClient(Uri($"bob:{Secret}@"), hub: _live.Hub);
        var (no, pong) = (bob.Get("k").AsTask(), bob.Ping().AsTask());
        Assert.That(() => _live.Await(no), Throws.InstanceOf<RedisErrorException>().With.Property("Code").EqualTo("NOPERM"));
        Assert.That((_live.Await(pong), _live.Await(bob.Ping())), Is.EqualTo(("PONG", "PONG")));
    }

    [Test]
    public void A_password_that_is_required_later_is_told_with_the_next_connection()
    {
        using var server = RedisServer.Start();
        using var redis = new RedisClient(server.Uri(), hub: _live.Hub);
        _live.Await(redis.ConfigSet(("requirepass", Secret)));
        Assert.That(_live.Await(redis.Ping()), Is.EqualTo("PONG"), "Who is in stays in.");
        using var other = new RedisClient(server.Uri($":{Secret}@"), hub: _live.Hub);
        _live.Await(other.Command("CLIENT KILL", "TYPE", "normal", "SKIPME", "yes"));
        Assert.That(() => _live.Await(redis.Repeatable().Command("PING")), Throws.InstanceOf<RedisErrorException>().With.Property("Code").EqualTo("NOAUTH").And.Message.Not.Contains(Secret));
        Assert.That(_live.Await(other.Ping()), Is.EqualTo("PONG"));
    }

    [Test]
    public void Who_waits_is_told_why_there_is_no_connection()
    {
        using var redis = new RedisClient($"redis://127.0.0.1:{Daemon.FreePort().Port}", new() { Timeout = Limit }, _live.Hub);
        IObservable<object?>[] all =
        [
            redis.Get("k").Select(value => (object?)value), redis.Batch(b => b.Get("k")).Select(value => (object?)value),
            redis.BLPop(TimeSpan.FromMilliseconds(100), "jobs").Select(job => (object?)job),
        ];
        foreach (var asked in all)
        {
            Assert.That(() => _live.Await(asked), Throws.InstanceOf<TimeoutException>().With.Message.Contains("refused").And.InnerException.InstanceOf<ConnectionException>());
        }
    }

    private async Task<(Trouble Trouble, Exception First, int Dials, string Told)> Meets(Trouble trouble)
    {
        var tls = trouble.Trusts ? new TlsClientOptions { TrustedRoots = Authority.Shared.Roots } : null;
        using var redis = new RedisClient(trouble.Where(this), new() { Timeout = Limit, Tls = tls }, _live.Hub);
        var (told, dials, first, over) = (new List<string>(), 0, default(Exception), _live.Hub.Elapsed + (Live.IsSoak ? TimeSpan.FromSeconds(10) : 2 * Limit));
        using var heard = redis.Events.Subscribe(what => told.Add($"{what}"));
        using var dialled = redis.State.Subscribe(state => dials += state.Phase == ClientPhase.Connecting ? 1 : 0);
        while (_live.Hub.Elapsed < over)
        {
            try
            {
                throw new InvalidOperationException($"It said {await redis.Ping()}.");
            }
            catch (Exception failure) when (failure is IOException or TimeoutException or RedisErrorException or ProtocolException)
            {
                first ??= failure;
                told.Add($"{failure}");
            }

            await _live.Hub.Sleep(TimeSpan.FromMilliseconds(20));
        }

        return (trouble, first!, dials, string.Join('\n', told));
    }

    private string Uri(string user, string more = "") => _server.Uri(user, more);

    // A server that does one thing when it hears something.
    private string Says(Action<Connection> does)
    {
        var service = _live.Starts(new TcpService(new IPEndPoint(IPAddress.Loopback, 0), async client =>
        {
            try
            {
                await client.ReadSome();
                does(client);
                while (true)
                {
                    await client.ReadSome();
                }
            }
            catch (IOException)
            {
                // It has left.
            }
        }, hub: _live.Hub));
        return $"redis://bob:{Secret}@127.0.0.1:{service.Port}";
    }

    /// <summary>What is wrong.</summary>
    /// <param name="Name">In words.</param>
    /// <param name="Where">The server it is wrong with.</param>
    /// <param name="Error">The kind of error; empty: it depends on the machine.</param>
    /// <param name="Says">What its message says at least.</param>
    /// <param name="Trusts">Whether the client trusts the authority of the tests.</param>
    private sealed record Trouble(string Name, Func<RedisTroubleTests, string> Where, string Error, string Says, bool Trusts = false);
}
