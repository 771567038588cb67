using System.Net;
using System.Reactive;
using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>A call that stands still at each of its stages in turn: it is over in time, says where it was, harms nobody, and the next one works.</summary>
public class MongoStageTests
{
    private const double Limit = 2000;
    private const double Tolerance = 50;

    [TestCase("selection", "a server that suits")]
    [TestCase("queue", "a connection that others use")]
    [TestCase("connect", "it waited for a new connection")]
    [TestCase("greeting", "the greeting of a new connection")]
    [TestCase("log-in", "the greeting of a new connection")]
    [TestCase("reply", "the reply")]
    public void Is_named_in_time(string stage, string named)
    {
        using var hosts = new TwoHosts();
        var server = new Server(hosts);
        var options = stage switch { "log-in" => "&authMechanism=MONGODB-X509", "queue" => "&maxPoolSize=1", _ => "" };
        using var client = new MongoClient($"mongodb://{hosts.Network.Host("server").Addresses[0]}/?timeoutMS={Limit}{options}", hub: hosts.Client);
        var events = hosts.Watch(client.Events);
        if (stage != "selection")
        {
            // The server is known, and its only connection so far is in use.
            hosts.Watch(client.With(static o => o with { Timeout = Timeout.InfiniteTimeSpan })["db"].RunCommand("{ hold: 1 }"), 1000);
        }

        Begin(stage, hosts, server);
        var call = hosts.Watch(client["db"].RunCommand("{ ping: 1 }"), Limit - Tolerance);
        Assert.That(call.Error, Is.Null);
        hosts.Passes(2 * Tolerance);
        Assert.That(call.Error, Is.TypeOf<TimeoutException>().With.Message.Contains(named).And.Message.Contains("ping of db"));
        Assert.That(events.Values.OfType<MongoPoolCleared>(), Is.Empty);

        End(stage, hosts, server);
        hosts.Passes(1000);
        var next = hosts.Watch(client["db"].RunCommand("{ ping: 1 }"), 1000);
        Assert.That(next.Error, Is.Null);
        Assert.That(next.Values, Has.Count.EqualTo(1));
    }

    private static void Begin(string stage, TwoHosts hosts, Server server)
    {
        if (stage is "selection" or "connect")
        {
            hosts.Network.Silence("server");
        }
        else
        {
            server.Stalls = stage;
        }
    }

    private static void End(string stage, TwoHosts hosts, Server server)
    {
        server.Stalls = "";
        if (stage is "selection" or "connect")
        {
            hosts.Network.Answer("server");
        }

        server.Released.TrySetResult(Unit.Default);
    }

    /// <summary>Answers all but what it is to stand still at.</summary>
    private sealed class Server
    {
        public Server(TwoHosts hosts) => hosts.Starts(new TcpService(new IPEndPoint(IPAddress.Any, 27017), Serve, hub: hosts.Server));

        public string Stalls { get; set; } = "";

        /// <summary>Set: what is held is answered.</summary>
        public AwaitableSource<Unit> Released { get; } = new("the test");

        private async Task Serve(Connection connection)
        {
            await foreach (var message in connection.ReadAllAsync(new MongoFraming()))
            {
                var (name, isFirst) = (message.Body.ToDocument().GetElement(0).Name, !message.Body["client"].IsNull);
                var stage = isFirst ? "greeting" : name switch
                {
                    "authenticate" => "log-in",
                    "ping" => "reply",
                    _ => name,
                };
                if (stage == Stalls || name == "hold")
                {
                    await Released;
                }

                MongoCodec.Write(new() { ResponseTo = message.RequestId, Body = RawBson.Of(Reply(name)) }, connection.Output);
            }
        }

        private static BsonDocument Reply(string name) => name is "isMaster" or "hello" ? new() { { "maxWireVersion", 9 }, { "ismaster", true }, { "ok", 1 } } : new("ok", 1);
    }
}
