using System.Net;
using System.Net.Sockets;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

public class RedisConnectionStringTests
{
    [TestCase("localhost", "redis://localhost:6379")]
    [TestCase("redis://", "redis://localhost:6379")]
    [TestCase("redis://h:1/2", "redis://h:1/2")]
    [TestCase("redis://h/0", "redis://h:6379")]
    [TestCase("rediss://user:pass%40word@h/2?client_name=web%20app&protocol=2", "rediss://user:pass%40word@h:6379/2?client_name=web%20app&protocol=2")]
    [TestCase("redis://h?db=3&password=p", "redis://:p@h:6379/3")]
    [TestCase("redis://u@h?password=p", "redis://u:p@h:6379")]
    [TestCase("a,b:1,[::1]", "redis://a:6379,b:1,[::1]:6379")]
    [TestCase("unix:///run/redis.sock?db=2", "unix:///run/redis.sock?db=2")]
    [TestCase("unix://u:p@/run/redis.sock", "unix://u:p@/run/redis.sock")]
    [TestCase("redis+sentinel://a,b:2/main?db=1", "redis+sentinel://a:26379,b:2/main?db=1")]
    [TestCase("rediss+sentinel://a/main", "rediss+sentinel://a:26379/main")]
    public void Is_read_and_written(string text, string again) =>
        Assert.That((RedisConnectionString.Parse(text).ToSecretString(), RedisConnectionString.Parse(again).ToSecretString()), Is.EqualTo((again, again)));

    [Test]
    public void A_user_without_a_password_is_no_log_in_and_is_not_written()
    {
        var written = new RedisConnectionString([new DnsEndPoint("h", 1)], new() { User = "u" });
        Assert.That(RedisConnectionString.Parse(written.ToSecretString()).ToSecretString(), Is.EqualTo("redis://h:1"));
    }

    [Test]
    public void Says_where_and_who()
    {
        var read = RedisConnectionString.Parse("rediss://u:p@h/2?client_name=c&protocol=3", new() { MaxInFlight = 7 });
        Assert.That(
            (read.Servers.Single(), read.Service, read.Options),
            Is.EqualTo((new DnsEndPoint("h", 6379), (string?)null, new RedisOptions { User = "u", Password = "p", Database = 2, ClientName = "c", Protocol = RespVersion.Resp3, Tls = new TlsClientOptions(), MaxInFlight = 7 })));
    }

    [Test]
    public void Says_which_socket() =>
        Assert.That(RedisConnectionString.Parse("unix:///run/a%20b").Servers.Single(), Is.EqualTo(new UnixDomainSocketEndPoint("/run/a b")));

    [Test]
    public void Says_which_service() => Assert.That(RedisConnectionString.Parse("redis+sentinel://h/main").Service, Is.EqualTo("main"));

    [Test]
    public void Shows_no_secret()
    {
        var read = RedisConnectionString.Parse("redis://u:secret@h/2");
        Assert.That(($"{read}", $"{read.Options}"), Is.EqualTo(("redis://u:***@h:6379/2", "RedisOptions { User = u, Password = ***, Database = 2, Tls = False }")));
    }

    [TestCase("redis://secret@h", "password@host")]
    [TestCase("redis://u:secret@h?password=secret", "two passwords")]
    [TestCase("redis://h/1?db=1", "two databases")]
    [TestCase("redis://h/x", "number of a database")]
    [TestCase("redis://h?db=-1", "'db'")]
    [TestCase("redis://h?protocol=4", "'protocol'")]
    [TestCase("redis://h?clientname=a", "Is 'client_name' meant?")]
    [TestCase("http://h", "no scheme of Redis")]
    [TestCase("unix://h/run/redis.sock", "unix:///run")]
    [TestCase("unix://", "unix:///run")]
    [TestCase("redis+sentinel://h", "names the service")]
    public void Says_what_is_wrong_and_no_secret(string text, string why) =>
        Assert.That(() => RedisConnectionString.Parse(text), Throws.ArgumentException.With.Message.Contains(why).And.Message.Not.Contains("secret"));
}
