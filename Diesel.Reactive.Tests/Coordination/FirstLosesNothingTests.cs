using Diesel.Reactive.Testing;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;


namespace Diesel.Reactive.Tests;

public class FirstLosesNothingTests
{
    private const int Lines = 1000;

    /// <summary>A hundred thousand races in total, each of a line against a timer.</summary>
    [Property(MaxTest = 100, QuietOnSuccess = true)]
    public void A_line_raced_against_a_timer_is_neither_lost_nor_doubled(int seed)
    {
        var (wire, random, read, timeouts) = (new World(seed).Wire(), new Random(seed), new List<string>(), 0);
        wire.World.Network.Conditions = new() { Cut = Cut.Random() };
        wire.Converses(async c =>
        {
            while (read.Count < Lines)
            {
                var sleep = wire.Hub.Sleep(TimeSpan.FromTicks(random.Next(random.Next(2) == 0 ? 4 : 1000)));
                var won = random.Next(2) == 0
                    ? (await First.Of(c.Read(Framing.UntilEol()), sleep)).TryFirst(out var line)
                    : (await First.Of(sleep, c.Read(Framing.UntilEol()))).TrySecond(out line);
                timeouts += won ? 0 : 1;
                read.AddRange(won ? [line.TrimEol().ToText()] : []);
            }
        });
        for (var sent = 0; sent < Lines;)
        {
            var count = Math.Min(random.Next(1, 100), Lines - sent);
            wire.Peer.Sends(string.Concat(Enumerable.Range(sent, count).Select(n => $"{n}\r\n")));
            sent += count;
        }

        Assert.That(read, Is.EqualTo(Enumerable.Range(0, Lines).Select(n => $"{n}")));
        Assert.That(timeouts, Is.GreaterThan(100));
    }
}
