namespace Diesel.Reactive.Tests;

/// <summary>Calls with many replies, and who reads them at a pace of its own.</summary>
[TestFixtureSource(typeof(Tongue), nameof(Tongue.Both))]
public class StreamCallTests(object tongue)
{
    private readonly Tongue _tongue = (Tongue)tongue;

    [Test]
    public void A_slow_reader_holds_the_connection_and_loses_nothing()
    {
        using var it = new Speaking(_tongue, new() { ReplyTimeout = TimeSpan.FromSeconds(1) });
        var got = new List<string>();
        it.World.Do(() => it.World.Hub.Fork(async () =>
        {
            await foreach (var item in it.Pipeline.Stream(new SayOn(_tongue, "a")).ReadAllAsync(capacity: 2))
            {
                got.Add(item);
                await it.World.Hub.Sleep(TimeSpan.FromSeconds(1));
            }
        }));
        it.World.Network.Conditions = new() { Window = 200 };
        var all = Enumerable.Range(0, 100).Select(n => n < 99 ? $"{n}+" : $"{n}").ToArray();
        it.Peer.Sends(string.Concat(all.Select(text => _tongue.Answer("0:a", text))));
        Assert.That(it.Peer.Unsent, Is.GreaterThan(0), "the peer is slowed down");
        it.Passes(110);
        Assert.That((got.Count, it.IsClosed), Is.EqualTo((100, false)));
    }

    [Test]
    public void No_time_runs_for_a_reply_while_the_connection_is_held()
    {
        using var it = new Speaking(_tongue, new() { ReplyTimeout = TimeSpan.FromSeconds(1) });
        var story = it.Says("a");
        var hold = it.World.Do(it.Pipeline.Hold);
        it.Hears("A").Passes(10);
        Assert.That(($"{story}", it.IsClosed), Is.EqualTo(("", false)));
        it.World.Do(hold.Dispose).Do(hold.Dispose);
        Assert.That($"{story}", Is.EqualTo("A |"));
        it.Says("b");
        it.Passes(1.3);
        Assert.That(it.IsClosed, Is.True, "the hold has gone, once");
    }

    [Test]
    public void Its_error_is_its_callers_and_the_rest_is_drained()
    {
        using var it = new Speaking(_tongue);
        var (story, next) = (it.World.Watch(it.Pipeline.Stream(new Refused(_tongue))), it.Says("b"));
        it.Hears("1+", "2", "B");
        Assert.That(($"{story}", $"{next}"), Is.EqualTo(("#FormatException", "B |")));
    }

    [Test]
    public void Leaving_it_abandons_it()
    {
        using var it = new Speaking(_tongue);
        var story = it.SaysOn("a");
        it.Hears("1+").Leaves(story).Hears("2+");
        Assert.That(($"{story}", it.Pipeline.Counts.Abandoned), Is.EqualTo(("11+", 1)));
    }

    private sealed class Refused(Tongue tongue) : StreamCall<Said, string>, IIdentified<int>
    {
        public int Id { get; set; }

        protected internal override void Write(System.Buffers.IBufferWriter<byte> output) => tongue.Write(Id, "r", output);

        protected override bool Read(Said reply, IObserver<string> items)
        {
            items.OnError(new FormatException());
            items.OnNext("nobody gets this");
            return reply.IsLast;
        }
    }
}
