namespace Diesel.Reactive.Tests;

/// <summary>Pipelines in a pool: one caller has one for itself.</summary>
public class ExclusiveUseTests
{
    private const int Port = 4321;

    private World _world = null!;
    private Peers _peers = null!;
    private Pool<Pipeline<Said>> _pool = null!;

    [SetUp]
    public void Begin()
    {
        _world = new World();
        _peers = _world.Listens(Port);
        var connect = Tcp.Connect("10.0.0.1", Port, hub: _world.Hub)
            .Select(connection => new Pipeline<Said>(connection, Tongue.InOrder.Framing, Tongue.InOrder.Correlation, new() { MaxInFlight = 1 }));
        _pool = new Pool<Pipeline<Said>>(connect, options: new() { IsUsable = pipeline => pipeline.IsIdle, Watch = pipeline => pipeline.Ended }, hub: _world.Hub);
    }

    [TearDown]
    public void End()
    {
        _pool.Dispose();
        _peers.Dispose();
        _world.Dispose();
    }

    [Test]
    public void What_one_caller_asks_is_not_mixed_with_anothers()
    {
        var (one, two) = (Converses("a"), Converses("b"));
        Assert.That((_peers[0].Story, _peers[1].Story), Is.EqualTo(("a1 ", "b1 ")));
        _peers[0].Sends("A1\r\n").Sends("A2\r\n");
        _peers[1].Sends("B1\r\n").Sends("B2\r\n");
        Assert.That(($"{one}", $"{two}", _pool.Counts.Idle), Is.EqualTo(("A1A2 |", "B1B2 |", 2)));
    }

    [Test]
    public void A_pipeline_is_used_again()
    {
        for (var n = 0; n < 3; n++)
        {
            var story = _world.Watch(_pool.Use(pipeline => pipeline.Ask(new Say(Tongue.InOrder, "a"))));
            _peers[0].Sends("A\r\n");
            Assert.That($"{story}", Is.EqualTo("A |"));
        }

        Assert.That(_peers.Count, Is.EqualTo(1));
    }

    [Test]
    public void One_that_ended_while_it_was_idle_leaves_the_pool()
    {
        Use();
        _peers[0].Resets();
        Assert.That((_pool.Counts.Idle, _pool.Counts.Closed), Is.EqualTo((0, 1)));
        Use();
        Assert.That(_peers.Count, Is.EqualTo(2));
    }

    [Test]
    public void One_whose_use_was_given_up_is_not_lent_again()
    {
        var story = _world.Watch(_pool.Use(pipeline => pipeline.Ask(new Say(Tongue.InOrder, "a"))));
        _world.Do(() => story.Subscription!.Dispose());
        Assert.That((_peers[0].HasEnded, _pool.Counts.Lent), Is.EqualTo((true, 0)));
        Use();
        Assert.That(_peers.Count, Is.EqualTo(2));
    }

    [Test]
    public void One_that_a_use_left_something_in_is_not_lent_again()
    {
        Assert.That($"{_world.Watch(_pool.Use(pipeline =>
        {
            pipeline.Send(new Bare(Tongue.InOrder, "left"));
            return Task.FromResult(1);
        }))}", Is.EqualTo("1 |"));
        Assert.That((_pool.Counts.Idle, _pool.Counts.Closed), Is.EqualTo((0, 1)));
    }

    private void Use()
    {
        var story = _world.Watch(_pool.Use(pipeline => pipeline.Ask(new Say(Tongue.InOrder, "a"))));
        _peers[_peers.Count - 1].Sends("A\r\n");
        Assert.That($"{story}", Is.EqualTo("A |"));
    }

    private Story<string> Converses(string name) => _world.Watch(_pool.Use(async pipeline =>
        await pipeline.Ask(new Say(Tongue.InOrder, $"{name}1")) + await pipeline.Ask(new Say(Tongue.InOrder, $"{name}2"))));
}
