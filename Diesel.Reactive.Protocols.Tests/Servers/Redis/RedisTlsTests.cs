using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A redis-server that is reached over TLS.</summary>
public class RedisTlsTests
{
    private PemFolder _files = null!;
    private RedisServer _server = null!;
    private Live _live = null!;
    private string _uri = null!;

    [SetUp]
    public void Start()
    {
        var port = Daemon.FreePort().Port;
        _files = new PemFolder();
        _server = RedisServer.Start(
            "--tls-port", $"{port}", "--tls-cert-file", _files["cert.pem"], "--tls-key-file", _files["key.pem"], "--tls-ca-cert-file", _files["root.pem"], "--tls-auth-clients", "no");
        (_live, _uri) = (new Live(), $"rediss://localhost:{port}");
    }

    [TearDown]
    public void Stop()
    {
        _live?.Dispose();
        _server?.Dispose();
        _files.Dispose();
    }

    [Test]
    public void Commands_and_what_waits_go_over_it()
    {
        using var redis = new RedisClient(_uri, new RedisOptions { Tls = new TlsClientOptions { TrustedRoots = Authority.Shared.Roots } }, _live.Hub);
        var value = new string('x', 1_000_000);
        Assert.That((_live.Await(redis.Set("k", value)), $"{_live.Await(redis.Get("k"))}"), Is.EqualTo((true, value)));
        var job = redis.BLPop(TimeSpan.FromSeconds(20), "jobs").AsTask();
        _live.Await(redis.RPush("jobs", "a"));
        Assert.That($"{_live.Await(job)!.Value.Value}", Is.EqualTo("a"));
    }

    [Test]
    public void A_server_that_is_not_trusted_is_told_as_that()
    {
        using var redis = new RedisClient(_uri, new RedisOptions { Timeout = TimeSpan.FromSeconds(2) }, _live.Hub);
        var told = redis.State.Select(static state => state.Reason).OfType<TlsException>().FirstAsync().Replay();
        using var connection = told.Connect();
        Assert.That(() => _live.Await(redis.Get("k")), Throws.Exception);
        Assert.That(_live.Await(told).Fault, Is.EqualTo(TlsFault.UnknownAuthority));
    }
}
