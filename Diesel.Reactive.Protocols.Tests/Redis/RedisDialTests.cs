using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>How often a server is dialled with which something is wrong, in ten seconds of somebody who does not give up.</summary>
public class RedisDialTests
{
    [TestCase("HTTP/1.1 400 Bad Request\r\n", "", nameof(ProtocolException))]
    [TestCase("%1\r\n+proto\r\n:3\r\n", "HTTP/1.1 400 Bad Request\r\n", nameof(ReplyLostException))]
    [TestCase("%1\r\n+proto\r\n:3\r\n", ":1\r\n:2\r\n", "")]
    [TestCase("-ERR max number of clients reached\r\n", "", nameof(RedisErrorException))]
    [TestCase("-LOADING Redis is loading the dataset in memory\r\n", "", nameof(TimeoutException))]
    public void A_server_that_answers_wrongly_is_dialled_seldom(string hello, string answer, string error)
    {
        using var world = new World();
        using var server = new RedisStub(world) { Answers = heard => (heard.StartsWith("HELLO", StringComparison.Ordinal) ? hello : answer).ToBytes().ToArray() };
        using var redis = server.Client();
        var first = world.Watch(redis.Get("k"));
        for (var i = 0; i < 1000; i++)
        {
            world.Watch(redis.Get("k"));
            world.Passes(0.009);
        }

        Assert.That(server.Dials, Is.InRange(2, 20));
        Assert.That(first.Error?.GetType().Name ?? "", Is.EqualTo(error), $"{first.Error}");
    }

    [Test]
    public void A_server_that_closes_in_the_midst_of_each_reply_is_dialled_seldom_and_that_is_told()
    {
        using var world = new World();
        using var server = new RedisStub(world);
        var answered = 0;
        server.Answers = heard =>
        {
            if (heard != "GET k")
            {
                return null;
            }

            if (answered == server.Dials)
            {
                return [];
            }

            answered = server.Dials;
            world.Hub.Post(_ => server.Connections.ToList().ForEach(connection => connection.Dispose()));
            return "$10\r\nhalf"u8.ToArray();
        };
        using var redis = server.Client();
        var first = world.Watch(redis.Get("k"));
        for (var i = 0; i < 1000; i++)
        {
            world.Watch(redis.Get("k"));
            world.Passes(0.009);
        }

        Assert.That(server.Dials, Is.InRange(2, 20));
        Assert.That(first.Error, Is.InstanceOf<TimeoutException>().With.Message.Contains("10.0.0.1").And.InnerException.Not.Null);
    }

    [Test]
    public void A_reply_beyond_the_limits_is_its_callers_and_is_not_asked_for_again()
    {
        using var world = new World();
        using var server = new RedisStub(world);
        using var redis = server.Client("", new() { Limits = new() { MaxBulk = 10 } });
        world.Watch(redis.Set("large", new byte[11]));
        world.Watch(redis.Set("small", "v"));
        var (large, small) = (world.Watch(redis.Get("large")), world.Watch(redis.Get("small")));
        world.Passes(1);
        Assert.That(large.Error, Is.InstanceOf<ReplyLostException>().With.Message.Contains("MaxBulk").And.InnerException.InstanceOf<ProtocolException>());
        Assert.That(($"{small}", server.Heard.Count(heard => heard == "GET large")), Is.EqualTo(("v |", 1)));
    }
}
