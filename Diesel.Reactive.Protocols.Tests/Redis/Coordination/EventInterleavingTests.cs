using System.Reactive;
using System.Reactive.Concurrency;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

public class EventInterleavingTests
{
    /// <summary>Between what a waiter does (subscribe, look) and what a setter does, anything may come first. With RESP2 messages come over a connection of their own: they overtake replies.</summary>
    [TestCase("events")]
    [TestCase("countdowns")]
    public void What_is_set_at_whatever_moment_of_a_wait_is_never_missed_nor_by_the_next_wait(string kind)
    {
        var random = new Random(7);
        for (var left = Live.IsSoak ? 100_000 : 3000; left > 0; left -= 1000)
        {
            using var place = new VirtualPlace(null, new RedisOptions { Protocol = RespVersion.Resp2 });
            place.Server.Delays = session => TimeSpan.FromTicks(session.Subscribed.Count > 0 ? 0 : random.Next(40_000));
            var stories = new List<Story<Unit>>();
            for (var i = 0; i < 1000; i++)
            {
                var name = $"e{i}";
                After(random.Next(4_000_000), () => stories.Add(Story.Of(Wait(0, name))));
                After(random.Next(4_000_000), () => Set(1, name));
                After(random.Next(8_000_000), () => stories.Add(Story.Of(Wait(0, name))));
            }

            for (var i = 0; i < 20 && stories.Count(story => story.IsCompleted) < 2000; i++)
            {
                place.World.Passes(1);
            }

            Assert.That(stories.Count(story => story.IsCompleted), Is.EqualTo(2000), $"{stories.Count} wait, seed 7, {left} left.");

            void After(int microseconds, Action action) => place.Hub.Schedule(TimeSpan.FromTicks(10 * microseconds), action);

            Awaitable<Unit> Wait(int which, string name) => kind == "events" ? place.Shared(which).Event(name).Wait() : place.Shared(which).Countdown(name, 1).Wait();

            void Set(int which, string name)
            {
                if (kind == "events")
                {
                    place.Shared(which).Event(name).Set();
                }
                else
                {
                    place.Shared(which).Countdown(name, 1).Tick();
                }
            }
        }
    }
}
