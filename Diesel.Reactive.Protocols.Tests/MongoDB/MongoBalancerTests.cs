using System.Net;
using Diesel.Reactive.Protocols.MongoDB;
using Diesel.Reactive.Protocols.MongoDB.Testing;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>A balancer that sends each connection to the other of two servers, of which neither knows what the other has begun.</summary>
public class MongoBalancerTests
{
    [TestCase(MongoBatches.WhenTaken)]
    [TestCase(MongoBatches.OneAhead)]
    [TestCase(MongoBatches.Exhaust)]
    public void A_cursor_stays_on_its_connection(MongoBatches batches) => Run(async play =>
    {
        await play.Fill(100);
        var test = play.Client["db"]["test"].With(o => o with { Batches = batches, BatchSize = 7 });
        play.Heard.Clear();
        var all = await Awaitable.All(Enumerable.Range(0, 4).Select(_ => test.Find().Sort("_id").ToList()));
        Assert.That(all.Select(static each => each.Count), Is.All.EqualTo(100));
        Assert.That(play.ServersOf(static command => command["lsid"]), Is.EqualTo(new[] { 1, 1, 1, 1 }));
        Assert.That((play.OpenCursors, play.Client.Counts.Lent), Is.EqualTo((0, 0)));
        Assert.That(play.Heard.Select(static each => each.Server).Distinct().Count(), Is.EqualTo(2));
    });

    [Test]
    public void Its_end_is_told_on_its_connection() => Run(async play =>
    {
        await play.Fill(100);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await foreach (var document in play.Client["db"]["test"].Find().BatchSize(7).ReadAllAsync())
            {
                await play.World.Hub.Sleep(TimeSpan.FromMilliseconds(10));
                if (document["_id"] == 10)
                {
                    break;
                }
            }
        }));
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That(play.Heard.Count(static each => each.Command.GetElement(0).Name == "killCursors"), Is.EqualTo(4));
        Assert.That((play.OpenCursors, play.Client.Counts.Lent), Is.EqualTo((0, 0)));
    });

    [Test]
    public void A_cursor_whose_connection_is_lost_has_nobody_else_asked() => Run(async play =>
    {
        await play.Fill(20);
        play.Heard.Clear();
        play.Servers.ToList().ForEach(static server => server.Expect("getMore", static _ => null));
        Assert.That(await MongoPlay.ErrorOf(play.Client["db"]["test"].Find().BatchSize(7).ToList()), Is.InstanceOf<ConnectionException>());
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That((play.Names, play.Client.Counts.Lent), Is.EqualTo(("find getMore", 0)));
    });

    [Test]
    public void Transactions_stay_on_their_connections() => Run(async play =>
    {
        await play.Fill(1);
        play.Heard.Clear();
        await Awaitable.All(Enumerable.Range(0, 4).Select(number => play.Client.WithTransaction(async session =>
        {
            for (var i = 0; i < 5; i++)
            {
                await session["db"][$"of{number}"].InsertOne(new { i });
                Assert.That(await session["db"][$"of{number}"].Find().BatchSize(2).ToList(), Has.Count.EqualTo(i + 1));
            }

            return 0;
        })));
        await play.World.Hub.Sleep(TimeSpan.FromMilliseconds(1));
        var commits = play.Heard.Where(static each => each.Command.GetElement(0).Name == "commitTransaction").ToList();
        Assert.That((commits.Count, play.Client.Counts.Lent), Is.EqualTo((4, 0)));
        Assert.That(play.ServersOf(static command => $"{command["lsid"]}, {command["txnNumber"]}"), Is.EqualTo(new[] { 1, 1, 1, 1 }));
        Assert.That(commits.Select(static each => each.Server).Distinct().Count(), Is.EqualTo(2));
    });

    [Test]
    public void One_that_was_committed_is_committed_again_where_it_was_until_something_else_is_done() => Run(async play =>
    {
        await play.Fill(1);
        using var session = play.Client.StartSession();
        session.BeginTransaction();
        await session["db"]["other"].InsertOne(new { a = 1 });
        await session.Commit();
        await session.Commit();
        Assert.That(play.Client.Counts.Lent, Is.EqualTo(1));
        await session["db"]["other"].Find().First();
        Assert.That(play.Client.Counts.Lent, Is.Zero);
    });

    [Test]
    public void One_that_is_given_up_gives_its_connection_back() => Run(async play =>
    {
        await play.Fill(1);
        using var session = play.Client.StartSession();
        session.BeginTransaction();
        await session["db"]["other"].InsertOne(new { a = 1 });
        Assert.That(play.Client.Counts.Lent, Is.EqualTo(1));
        await session.Abort();
        Assert.That(play.Client.Counts.Lent, Is.Zero);
    });

    [Test]
    public void One_that_failed_for_a_reason_of_the_moment_is_done_anew_elsewhere() => Run(async play =>
    {
        await play.Fill(1);
        play.Heard.Clear();
        play.Servers.ToList().ForEach(static server => server.Expect("insert", static _ => null));
        var attempts = 0;
        await play.Client.WithTransaction(async session =>
        {
            attempts++;
            return await session["db"]["other"].InsertOne(new { a = 1 });
        });
        await play.World.Hub.Sleep(TimeSpan.FromMilliseconds(1));
        Assert.That((attempts, play.Client.Counts.Lent), Is.EqualTo((2, 0)).Or.EqualTo((3, 0)));
    });

    [Test]
    public void One_connection_is_enough_for_one() => Run(
        async play =>
        {
            await play.Client.WithTransaction(async session =>
            {
                await session["db"]["other"].InsertOne(new { _id = 0 });
                await session["db"]["other"].InsertMany(Enumerable.Range(1, 9).Select(static i => new { _id = i }));
                Assert.That(await session["db"]["other"].With(static o => o with { BatchSize = 3 }).Find().ToList(), Has.Count.EqualTo(10));
                return 0;
            });
        },
        "&maxPoolSize=1");

    private static void Run(Func<Play, Task> test, string more = "")
    {
        using var world = new World();
        var play = new Play(world, more);
        world.Play(async () =>
        {
            using (play.Client)
            {
                await test(play);
            }

            await Awaitable.All(play.Servers.Select(static server => server.Stop()));
            await play.Balancer.Stop();
        });
    }

    private sealed class Play
    {
        private static readonly HashSet<string> Own = ["isMaster", "hello", "endSessions"];
        private int _connections;

        public Play(World world, string more)
        {
            World = world;
            Servers = [.. Enumerable.Range(1, 2).Select(number =>
            {
                var server = world.Starts(new MongoService(new IPEndPoint(World.Here, number), null, world.Hub));
                world.Do(() => server.Say(new BsonDocument { { "msg", "isdbgrid" }, { "serviceId", ObjectId.GenerateNewId() } }));
                server.Commands.Where(static each => !Own.Contains(each.GetElement(0).Name)).Subscribe(command => Heard.Add((number, command)));
                return server;
            })];
            Balancer = world.Starts(new TcpService(new IPEndPoint(World.Here, 27017), Relay, hub: world.Hub));
            Client = new MongoClient($"mongodb://{World.Here}/?loadBalanced=true{more}", hub: world.Hub);
        }

        public World World { get; }

        public MongoService[] Servers { get; }

        public TcpService Balancer { get; }

        public MongoClient Client { get; }

        public List<(int Server, BsonDocument Command)> Heard { get; } = [];

        public string Names => string.Join(' ', Heard.Select(static each => each.Command.GetElement(0).Name));

        /// <summary>Of commands that belong together, how many servers have heard some.</summary>
        public IEnumerable<int> ServersOf(Func<BsonDocument, BsonValue> together) =>
            Heard.GroupBy(each => together(each.Command)).Select(static group => group.Select(static each => each.Server).Distinct().Count());

        public int OpenCursors => Servers.Sum(static server => server.OpenCursors);

        /// <summary>The same in both, and a connection to each.</summary>
        public async Task Fill(int count)
        {
            foreach (var server in Servers)
            {
                using var direct = new MongoClient($"mongodb://{server.EndPoint}/?directConnection=true", hub: World.Hub);
                await direct["db"]["test"].InsertMany(Enumerable.Range(0, count).Select(static i => new BsonDocument("_id", i)));
            }

            await Awaitable.All(Enumerable.Range(0, 4).Select(_ => Client["db"]["test"].Count()));
        }

        private async Task Relay(Connection connection)
        {
            using var server = await Tcp.Connect(Servers[_connections++ % 2].EndPoint, hub: World.Hub);
            await connection.RelayTo(server);
        }
    }
}
