#:project ../Diesel.Reactive.Protocols

// Jobs in a queue at a server, and workers that are killed at random: each job is done, and counted once.
//     dotnet run samples/jobs.cs                               on a server of its own
//     dotnet run samples/jobs.cs -- redis://host:6379          on yours
//     dotnet run samples/jobs.cs -- redis://host:6379 worker   one more worker, on another machine perhaps
using System.Diagnostics;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Redis;

const int Count = 60;

using var server = PrivateRedis.Unless(args.FirstOrDefault());
using var redis = new RedisClient(server.Uri);
using var shared = new RedisCoordination(redis, "sample");
var jobs = shared.Queue<int>("jobs", new RedisQueueOptions { VisibilityTimeout = TimeSpan.FromSeconds(1), MaxDeliveries = 0 });
var done = shared.Countdown("done", Count);

if (args is [_, "worker"])
{
    await Work();
    return;
}

for (var i = 0; i < Count; i++)
{
    jobs.Put(i);
}

var workers = Enumerable.Range(0, 3).Select(_ => Begin()).ToList();
var killed = 0;
while ((await First.Of(done.Wait(), Hub.Default.Sleep(TimeSpan.FromSeconds(1)))).IsSecond)
{
    var unlucky = Random.Shared.Next(workers.Count);
    workers[unlucky].Kill();
    workers[unlucky] = Begin();
    killed++;
}

workers.ForEach(worker => worker.Kill());
Console.WriteLine($"{Count} jobs are done, though {killed} workers were killed");

async Task Work()
{
    while (true)
    {
        var job = await jobs.Take();
        await Hub.Default.Sleep(TimeSpan.FromMilliseconds(100 * Random.Shared.NextDouble()));

        // Whoever dies between these two lines has done a job that another does again: it counts once.
        await done.TickAsync($"job {job.Value}");
        await job.AckAsync();
    }
}

// The first of the command line is this program, whatever it was started by.
Process Begin() => Process.Start("dotnet", [Environment.GetCommandLineArgs()[0], server.Uri, "worker"]);
