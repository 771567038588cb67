using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

public class EventInterleavingTests
{
    /// <summary>Between what a waiter does (subscribe, look) and what a setter does, anything may come first.</summary>
    [Test]
    public void An_event_set_at_whatever_moment_of_a_wait_is_never_missed()
    {
        var random = new Random(7);
        for (var left = Live.IsSoak ? 100_000 : 3000; left > 0; left -= 1000)
        {
            using var place = new VirtualPlace();
            var stories = new List<Story<System.Reactive.Unit>>();
            for (var i = 0; i < 1000; i++)
            {
                var (name, waits, sets) = ($"e{i}", random.Next(4_000), random.Next(4_000));
                place.Hub.Schedule(TimeSpan.FromTicks(10 * waits), () => stories.Add(Story.Of(place.Shared(0).Event(name).Wait())));
                place.Hub.Schedule(TimeSpan.FromTicks(10 * sets), () => place.Shared(1).Event(name).Set());
            }

            place.World.Passes(5);
            Assert.That(stories.Count(story => story.IsCompleted), Is.EqualTo(1000), $"{stories.Count} wait, seed 7, {left} left.");
        }
    }
}
