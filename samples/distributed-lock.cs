#:project ../Diesel.Reactive.Protocols

// A lock of three processes, and a file that checks fences: whoever holds the lock is stopped for longer than it lasts, and goes on as if nothing had happened.
// The file refuses what he writes then. (Linux: processes are stopped by signals.)
//     dotnet run samples/distributed-lock.cs                         on a server of its own
//     dotnet run samples/distributed-lock.cs -- redis://host:6379    on yours
using System.Diagnostics;
using System.Globalization;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Redis;

var expiry = TimeSpan.FromMilliseconds(500);

using var server = PrivateRedis.Unless(args.FirstOrDefault());
using var redis = new RedisClient(server.Uri);
using var shared = new RedisCoordination(redis, "sample");

if (args is [_, "writer", var path])
{
    await Write(path);
    return;
}

var file = Path.GetTempFileName();
await redis.Del("stopped", "refused");
await redis.Set("stop", "whoever gets the lock next");
var writers = Enumerable.Range(0, 3).Select(_ => Process.Start("dotnet", [Environment.GetCommandLineArgs()[0], server.Uri, "writer", file])).ToList();
while (await redis.Get("refused") is null)
{
    if (await redis.GetDel("stopped") is { } holder)
    {
        await Hub.Default.Sleep(3 * expiry);
        Signal("CONT", holder.ToText());
        await redis.Set("stop", "another, should nobody have written meanwhile");
    }

    await Hub.Default.Sleep(TimeSpan.FromMilliseconds(50));
}

writers.ForEach(writer => writer.Kill());
writers.ForEach(writer => writer.WaitForExit());
var fences = File.ReadLines(file).Select(long.Parse).ToList();
File.Delete(file);
Console.WriteLine(fences.SequenceEqual(fences.Distinct().Order())
    ? "The file has only numbers greater than the one before, though somebody wrote who had lost the lock."
    : "The file is wrong.");

async Task Write(string path)
{
    while (true)
    {
        using var lease = await shared.Lock("file", expiry).Acquire();
        await Hub.Default.Sleep(TimeSpan.FromMilliseconds(20));
        if (await redis.Del("stop") == 1)
        {
            await redis.Set("stopped", Environment.ProcessId);
            await Hub.Default.Run(() => Signal("STOP", $"{Environment.ProcessId}"));
        }

        // lease.Lost says so as well, to who looks: one that was stopped between the look and the write does not see it.
        if (!TryAppend(path, lease.Fence))
        {
            await redis.Incr("refused");
        }
    }
}

// What guards itself needs no lock to be right: the lock spares it most of the refusals.
bool TryAppend(string path, long fence)
{
    using var guarded = Open(path);
    using var reader = new StreamReader(guarded, leaveOpen: true);
    var last = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault("0");
    if (fence <= long.Parse(last, CultureInfo.InvariantCulture))
    {
        return false;
    }

    guarded.Write(System.Text.Encoding.ASCII.GetBytes($"{fence}\n"));
    return true;
}

// One at a time has it open.
FileStream Open(string path)
{
    while (true)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            Thread.Yield();
        }
    }
}

void Signal(string name, string process) => Process.Start("kill", [$"-{name}", process]).WaitForExit();
