#:project ../Diesel.Reactive

// diesel's process pool: work for other processes, which use the other processors and may crash. They are this program again, with an
// argument that tells it what it is.
using System.Globalization;
using System.Reactive.Linq;
using Diesel.Reactive;

if (args is ["worker"])
{
    ProcessWorker.Serve((string request) => Work(int.Parse(request, CultureInfo.InvariantCulture)));
    return;
}

Application.Quickstart(Demo);

async Task Demo()
{
    using var pool = new ProcessPool(Environment.ProcessPath!, Self("worker"), new() { Max = 2 });
    var primes = await Observable.Merge(Enumerable.Range(1, 3).Select(n => 10_000 * n).Select(n => pool.Call($"{n}").Select(count => $"{count} primes below {n}"))).ToList();
    foreach (var line in primes.Order())
    {
        Console.WriteLine(line);
    }

    try
    {
        await pool.Call("-1");
    }
    catch (RemoteException error)
    {
        Console.WriteLine($"the work threw: {error.RemoteMessage}");
    }

    try
    {
        await pool.Call("0");
    }
    catch (ProcessCrashedException error)
    {
        Console.WriteLine($"the process crashed: code {error.Exit?.Code}");
    }

    Console.WriteLine($"and works again: {await pool.Call("100")} primes below 100");
}

static string Work(int limit)
{
    if (limit < 0)
    {
        throw new ArgumentException($"there are no primes below {limit}");
    }

    if (limit == 0)
    {
        Environment.Exit(3);
    }

    return $"{Enumerable.Range(2, limit - 2).Count(n => Enumerable.Range(2, (int)Math.Sqrt(n) - 1).All(by => n % by != 0))}";
}

// How to start this program again: by itself, or by dotnet.
static string[] Self(string argument) =>
    Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? ["exec", Environment.GetCommandLineArgs()[0], argument] : [argument];
