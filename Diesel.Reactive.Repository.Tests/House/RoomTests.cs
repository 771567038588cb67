namespace Diesel.Reactive.Tests;

/// <summary>A folder is a room, and knows only the rooms above it.</summary>
[TestFixture("Diesel.Reactive")]
[TestFixture("Diesel.Reactive.Protocols")]
[TestFixture("Diesel.Reactive.Protocols.MongoDB")]
[TestFixture("Diesel.Reactive.Protocols.MongoDB.Testing")]
[TestFixture("Diesel.Reactive.Protocols.Riak")]
[TestFixture("Diesel.Reactive.Protocols.Riak.Testing")]
[TestFixture("Diesel.Reactive.Testing")]
public class RoomTests(string library)
{
    private const string Document = "docs/design.md";

    private static readonly Dictionary<string, RoomPlan> Plans = new()
    {
        ["Diesel.Reactive"] = new(
            "Framing", "Transports", "Platforms", "Platforms/Portable | Platforms/Epoll", "Hub", "Layers", "Proxies | Tls", "Connections | Datagrams", "Views", "Pipelines",
            "Coordination | Files", "Pull", "Pools", "Clients | Processes", "Services", "Snapshots", "Applications"),
        ["Diesel.Reactive.Protocols"] = new(
            ".", "Redis | Http/Wire | Dns/Wire | Memcached/Wire", "Redis/Commands | Redis/Cluster | Http/Messages | Dns/Records", "Redis/Sentinel", "Redis/Client",
            "Redis/Subscriptions", "Redis/Locks | Redis/Caching", "Redis/Coordination",
            "Http/Files | Http/Client | Http/WebSockets | Http/Events | Dns/Messages | Dns/System | Memcached", "Http/Server | Dns/Client | Memcached/Server", "Dns/Resolving | Dns/Server"),
        ["Diesel.Reactive.Protocols.MongoDB"] = new("Bson", "Wire", ".", "Topology | Telemetry", "Authentication", "Sessions", "Connections", "Monitoring", "Operations", "Commands"),
        ["Diesel.Reactive.Protocols.MongoDB.Testing"] = new("Documents", "Stores", ".", "Commands", "Server"),
        ["Diesel.Reactive.Protocols.Riak"] = new("Messages", "Wire", ".", "Connections", "Commands", "DataTypes | Buckets"),
        ["Diesel.Reactive.Protocols.Riak.Testing"] = new(".", "Stores", "Server"),
        ["Diesel.Reactive.Testing"] = new(
            "Marbles", "Notation", "Recordings", "Differences", "Scheduling", "Histories", "Networks", "Peers", "Files", "Pictures", "Running", "Bytes",
            "Cases", "Wiretaps", "Simulations", "Attachments"),
    };

    private readonly RoomPlan _plan = Plans[library];
    private readonly Rooms _rooms = Rooms.Of(library);

    [Test]
    public void Each_has_its_place_in_the_plan() =>
        Assert.That(_rooms.Names.Except(_plan.Rooms), Is.Empty, "Give the folder its place: below all it uses, above all that use it.");

    [Test]
    public void Each_knows_only_those_above() =>
        Assert.That(string.Join('\n', _rooms.Uses.Where(use => !_plan.Allows(use))), Is.Empty,
            "These names point from a room to one that may not be known there: move the code to the room it belongs in, or cut the dependency.");

    [Test]
    public void They_are_drawn_in_the_document()
    {
        var path = Repository.PathOf(Document);
        var (text, drawing) = (File.ReadAllText(path), $"```\n{_plan.Draw(_rooms)}\n```");
        if (Environment.GetEnvironmentVariable("UPDATE_MATRIX") == "1")
        {
            text = Markdown.WithMarked(text, $"rooms of {library}", drawing);
            File.WriteAllText(path, text);
        }

        Assert.That(Markdown.Marked(text, $"rooms of {library}"), Is.EqualTo(drawing),
            $"{Document} and the code differ. If that is meant: UPDATE_MATRIX=1 ./test --filter Room");
    }
}
