using System.Globalization;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What a lock guards that is not at the server: a file that checks its numbers.</summary>
public class RedisLockFileTests : RedisFixture
{
    private const string FakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

    [Test]
    public void Holders_are_stopped_the_server_pauses_a_clock_is_moved_and_the_file_only_grows()
    {
        SampleTool.Require(FakeTime, "faketime");
        var seconds = Live.IsSoak ? 60 : 6;
        var folder = Directory.CreateTempSubdirectory("fences");
        var (path, time) = (Path.Join(folder.FullName, "file"), Path.Join(folder.FullName, "time"));
        File.WriteAllText(time, "+0");
        string program = $"redis-lock-file {Server.Port} {path} 17 {seconds}";
        Child[] children = [new(program), new(program), new(program, $"export LD_PRELOAD={FakeTime} FAKETIME_TIMESTAMP_FILE={time} FAKETIME_NO_CACHE=1 DONT_FAKE_MONOTONIC=1 FAKETIME_DONT_FAKE_MONOTONIC=1")];
        try
        {
            Array.ForEach(children, child => Assert.That(child.Line(), Is.EqualTo("begun")));
            Live.Run(() => Trouble(children, time, seconds));
            var now = Live.Hub.Now.ToUnixTimeSeconds();
            var ends = children.Select(child => child.Ends()).ToArray();
            Assert.That(ends.Select(end => end.Code), Is.All.Zero);
            Assert.That(Math.Abs(long.Parse(ends[2].Output, CultureInfo.InvariantCulture) - now), Is.GreaterThan(3000), "The clock was not moved: this showed nothing.");
            Check(path, folder);
        }
        finally
        {
            Array.ForEach(children, static child => child.Dispose());
            folder.Delete(recursive: true);
        }
    }

    // Longer than the expiry, each.
    private async Task Trouble(Child[] children, string time, int seconds)
    {
        for (var round = 0; round < seconds / 6; round++)
        {
            var holder = await Redis.Get("holder");
            var child = children.FirstOrDefault(child => holder == (Bytes)child.Id) ?? children[0];
            await Live.Hub.Run(() => child.Signal("STOP"));
            await Live.Hub.Sleep(1.5 * RedisFileWriters.Expiry);
            await Live.Hub.Run(() => child.Signal("CONT"));
            await Live.Hub.Run(() => File.WriteAllText(time, round % 2 == 0 ? "+1h" : "-1h"));
            await Live.Hub.Sleep(RedisFileWriters.Expiry);
            await Live.Hub.Run(() => Server.Signal("STOP"));
            await Live.Hub.Sleep(1.5 * RedisFileWriters.Expiry);
            await Live.Hub.Run(() => Server.Signal("CONT"));
            await Live.Hub.Sleep(RedisFileWriters.Expiry);
        }
    }

    private static void Check(string path, DirectoryInfo folder)
    {
        var fences = File.ReadLines(path).Select(line => long.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        var held = folder.EnumerateFiles("file-*").SelectMany(file => File.ReadLines(file.FullName)).Select(line => line.Split(' '))
            .Select(words => (From: long.Parse(words[0], CultureInfo.InvariantCulture), To: long.Parse(words[1], CultureInfo.InvariantCulture), IsLost: bool.Parse(words[2]), IsWritten: bool.Parse(words[3])))
            .OrderBy(one => one.From).ToArray();
        var overlaps = held.Where((one, i) => held.Skip(i + 1).TakeWhile(next => next.From < one.To).Any()).ToArray();
        TestContext.Out.WriteLine($"{held.Length} held it, {held.Count(one => one.IsLost)} of them lost it, {overlaps.Length} while another held it; {held.Count(one => !one.IsWritten)} numbers were refused.");
        Assert.That(fences, Has.Length.GreaterThan(100).And.Ordered.Ascending.And.Unique);
        Assert.That(overlaps.Where(one => !one.IsLost), Is.Empty, "Two held it, and the first did not know.");
    }
}
