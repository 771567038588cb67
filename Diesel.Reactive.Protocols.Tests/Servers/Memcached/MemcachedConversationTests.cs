using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>Conversations at random, in which what a server said of its items is asked with again: each answer is memcached's.</summary>
public class MemcachedConversationTests
{
    private const int Steps = 40;

    private const int Seeds = 200;

    [Test]
    public void Whatever_is_asked_the_answers_are_memcacheds()
    {
        // Its other thread holds on to items that are read often: counting makes new ones of them then, with fewer marks.
        using var theirs = new MemcachedDaemon("-o", "no_lru_maintainer");
        using var live = new Live();
        var ours = live.Starts(new MemcachedService(new IPEndPoint(IPAddress.Loopback, 0)));
        var differences = Enumerable.Range(0, Seeds).Select(seed => Difference(seed, theirs.EndPoint, ours.EndPoint)).OfType<string>().ToArray();
        Assert.That(differences, Has.Length.Zero, string.Join("\n\n", differences.Take(12)));
    }

    // The first one of a conversation, and what was said before.
    private static string? Difference(int seed, EndPoint theirs, EndPoint ours)
    {
        var random = new Random(seed);
        using var one = new Side(theirs);
        using var other = new Side(ours);
        var said = new List<string>();
        for (var step = 0; step < Steps; step++)
        {
            var asks = Asks(random);
            var (wanted, got) = (one.Answers(asks), other.Answers(asks));
            said.Add($"{Shown(asks)} -> {Shown(wanted)}");
            if (got != wanted)
            {
                return $"Seed {seed}:\n{string.Join('\n', said.TakeLast(8))}\nand not {Shown(got)}";
            }
        }

        return null;
    }

    // #3 stands for the number of the third item that was told.
    private static string Asks(Random random)
    {
        var (key, value) = ($"{"abc"[random.Next(3)]}", random.Next(3) == 0 ? $"{random.Next(8, 12)}" : new string((char)('a' + random.Next(26)), random.Next(5)));
        string Some(params string[] flags) => string.Concat(flags.Where(_ => random.Next(3) == 0).OrderBy(_ => random.Next()).Select(static flag => $" {flag}"));
        string One(params string[] flags) => random.Next(2) == 0 ? "" : $" {flags[random.Next(flags.Length)]}";
        var (cas, time) = ($"C#{random.Next(6)}", One("T1000", "T2000", "T0"));
        var classic = new[] { "set", "add", "replace", "append", "prepend" };
        return random.Next(16) switch
        {
            < 4 => $"mg {key} c{Some("v", "f", "h", "k", "O1", "q", "u", "t", "s", "l", "N1000")}{One("R500", "R3000")}{time}",
            < 6 => $"ms {key} {value.Length}{Some("k", "O2", "q", "I", "F5", cas, "c")}{One("ME", "MA", "MP", "MR", "MS")}{time}\r\n{value}",
            6 or 7 => $"md {key}{Some("q", "I", cas, "k", "O3")}{time}",
            8 => $"ma {key}{Some("N1000", "J5", "D3", "q", "v", "c", "t", "k", "O4", cas)}{One("MD", "MI")}{time}",
            9 => $"me {key}",
            10 => $"{classic[random.Next(5)]} {key} 3 {random.Next(3) * 1000} {value.Length}\r\n{value}",
            11 => $"cas {key} 4 0 {value.Length} #{random.Next(6)}\r\n{value}",
            12 => $"{(random.Next(2) == 0 ? "incr" : "decr")} {key} {random.Next(3)}",
            13 => $"gets {key} c",
            14 => $"gats {random.Next(3) * 1000} {key}",
            _ => random.Next(2) == 0 ? $"touch {key} 1000" : $"delete {key}",
        };
    }

    private static string Shown(string text) => text.Replace("\r\n", "␍", StringComparison.Ordinal);

    /// <summary>One of the servers, and the numbers of items it has told.</summary>
    private sealed class Side : IDisposable
    {
        private readonly RawPeer _peer;
        private readonly List<string> _numbers = [];
        private readonly byte[] _buffer = new byte[4096];

        public Side(EndPoint server)
        {
            _peer = new RawPeer(server);
            Answers("flush_all");
        }

        /// <summary>What is answered: items' numbers as they were told first, times in thousands, as clocks may be at odds by a second.</summary>
        public string Answers(string asks)
        {
            _peer.Sends($"{Regex.Replace(asks, "#(.)", match => Known(match.Groups[1].Value[0] - '0'))}\r\nmn\r\n");
            var text = "";
            while (!text.EndsWith("MN\r\n", StringComparison.Ordinal))
            {
                text += Encoding.ASCII.GetString(_buffer, 0, _peer.Socket.Receive(_buffer));
            }

            text = Regex.Replace(text, @"(?<=^(HD|VA|EX|NF|NS)\b.* c)[1-9]\d*|(?<= cas=)\d+|(?<=^VALUE . \d+ \d+ )\d+", match => Told(match.Value), RegexOptions.Multiline);
            return Regex.Replace(Regex.Replace(text, @"(?<=(HD|VA|ME)\b.* (t|exp=-))\d+", static match => $"{(int.Parse(match.Value, System.Globalization.CultureInfo.InvariantCulture) + 500) / 1000}k"), @"(?<=la=|size=| l)\d+", "…");
        }

        public void Dispose() => _peer.Dispose();

        // The latest first: those are still there.
        private string Known(int back) => back < _numbers.Count ? _numbers[^(back + 1)] : "999999999";

        private string Told(string number)
        {
            if (!_numbers.Contains(number))
            {
                _numbers.Add(number);
            }

            return $"#{_numbers.IndexOf(number)}";
        }
    }
}
