using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

public class ClusterConnectionStringTests
{
    [TestCase("redis://a,b:7000")]
    [TestCase("redis://a?cluster=true&read_from=nearest")]
    [TestCase("redis+sentinel://a,b/main?read_from=replicas&sentinel_user=u")]
    public void What_is_said_of_several_servers_comes_back(string text)
    {
        var read = RedisConnectionString.Parse(text);
        Assert.That(RedisConnectionString.Parse(read.ToSecretString()).Options, Is.EqualTo(read.Options));
        Assert.That((read.Options.ReadFrom, read.Options.Cluster is not null), Is.EqualTo(
            (text.Contains("nearest", StringComparison.Ordinal) ? ReadFrom.Nearest : text.Contains("replicas", StringComparison.Ordinal) ? ReadFrom.Replicas : ReadFrom.Primary,
                text.Contains("cluster", StringComparison.Ordinal))));
    }

    [Test]
    public void The_secret_of_the_Sentinels_is_not_shown()
    {
        var read = RedisConnectionString.Parse("redis+sentinel://a/main?sentinel_password=topsecret");
        Assert.That(($"{read} {read.Options}", RedisConnectionString.Parse(read.ToSecretString()).Options.SentinelPassword), Is.EqualTo(
            ($"{read} {read.Options}".Replace("topsecret", "", StringComparison.Ordinal), "topsecret")));
        Assert.That($"{read}", Does.Contain("***"));
    }

    [TestCase("redis://a?read_from=nowhere")]
    [TestCase("redis://a?cluster=maybe")]
    public void What_cannot_be_is_refused(string text) => Assert.That(() => RedisConnectionString.Parse(text), Throws.ArgumentException);
}
