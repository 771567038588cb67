using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A redis-server that is reached by a path.</summary>
public class RedisUnixTests
{
    [Test]
    public void A_path_is_a_server_also_for_what_waits()
    {
        var folder = Directory.CreateTempSubdirectory("redis-");
        try
        {
            var path = Path.Join(folder.FullName, "s");
            using var server = RedisServer.Start("--unixsocket", path);
            using var live = new Live();
            using var redis = new RedisClient($"unix://{path}?db=2", hub: live.Hub);
            Assert.That((live.Await(redis.Set("k", "v")), live.Await(redis.ClientInfo())["db"]), Is.EqualTo((true, "2")));
            var job = redis.BLPop(TimeSpan.FromSeconds(20), "jobs").AsTask();
            live.Await(redis.RPush("jobs", "a"));
            Assert.That($"{live.Await(job)!.Value.Value} {live.Await(redis.Lease(session => session.ClientInfo().AsTask()))["laddr"]}", Is.EqualTo($"a {path}:0"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
