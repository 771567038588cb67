using System.Text;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>How a connection begins: as whom, with which protocol, and what is said of it when that fails.</summary>
public class RedisLogInTests : RedisStubFixture
{
    [Test]
    public void Logs_in_and_chooses_a_database()
    {
        Server.Password = "pass word";
        using var redis = Server.Client("user:pass%20word@/2?client_name=web");
        Assert.That($"{World.Watch(redis.Ping())}", Is.EqualTo("PONG |"));
        Assert.That(Server.Heard, Is.EqualTo(new[] { "HELLO 3 AUTH user pass word SETNAME web", "SELECT 2", "PING" }));
    }

    [TestCase("", new[] { "HELLO 3", "PING" })]
    [TestCase("?protocol=2", new[] { "PING" })]
    [TestCase(":p@/1?client_name=web", new[] { "HELLO 3 AUTH default p SETNAME web", "AUTH p", "CLIENT SETNAME web", "SELECT 1", "PING" })]
    [TestCase("u:p@?protocol=2", new[] { "AUTH u p", "PING" })]
    public void Speaks_the_older_protocol_with_an_older_server(string more, string[] heard)
    {
        Server.IsOld = true;
        Server.Password = more.Contains('p', StringComparison.Ordinal) && more.Contains('@', StringComparison.Ordinal) ? "p" : null;
        using var redis = Server.Client(more);
        Assert.That($"{World.Watch(redis.Ping())}", Is.EqualTo("PONG |"));
        Assert.That(Server.Heard, Is.EqualTo(heard));
    }

    [TestCase(":wrong@", "WRONGPASS")]
    [TestCase("", "NOAUTH")]
    public void Who_may_not_log_in_is_told_so_at_once_and_dials_seldom(string more, string code)
    {
        Server.Password = "right";
        using var redis = Server.Client(more);
        var first = World.Watch(redis.Ping());
        Assert.That(first.Error, Is.InstanceOf<RedisErrorException>().With.Property("Code").EqualTo(code).And.Message.Not.Contains("wrong@"));
        for (var i = 0; i < 1000; i++)
        {
            World.Watch(redis.Ping());
            World.Passes(0.009);
        }

        Assert.That(Server.Dials, Is.LessThanOrEqualTo(20));
    }

    [Test]
    public void An_old_server_that_repeats_the_password_does_not_make_it_known()
    {
        (Server.IsOld, Server.Password) = (true, "other");
        using var redis = Server.Client(":topsecret@?protocol=3");
        var events = Story.Of(redis.Events);
        Assert.That((World.Watch(redis.Ping()).Error!.Message, $"{events}"), Is.EqualTo(("NOPROTO the server does not speak RESP3.", events.ToString().Replace("topsecret", "", StringComparison.Ordinal))));
    }

    [TestCase("?protocol=2", "ERR unknown command 'AUTH', with args beginning with: 'topse")]
    [TestCase("", "NOPERM topsecret")]
    public void A_server_that_repeats_a_part_of_the_password_does_not_make_it_known(string more, string refuses)
    {
        Server.Answers = command => command.StartsWith("PING", StringComparison.Ordinal) ? null : Encoding.ASCII.GetBytes($"-{refuses}\r\n");
        using var redis = Server.Client($":topsecret@{more}");
        var events = Story.Of(redis.Events);
        Assert.That($"{World.Watch(redis.Ping()).Error} {events}", Does.Contain("***").And.Not.Contain("topse"));
    }
}
