using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace Diesel.Reactive.Tests;

/// <summary>Programs that tests run in a process of their own, because they exhaust it, or end it.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    /// <summary>Runs a program of this class.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="limits">What the shell does before, for a limit of the process.</param>
    public Child(string program, string limits = "true")
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"{limits}; exec {CommandOf(program)}");
        _process = Process.Start(start)!;
    }

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>How to run a program of this class.</summary>
    public static string CommandOf(string program) => $"'{Environment.ProcessPath}' exec '{typeof(Child).Assembly.Location}' {program}";

    public static int Main(string[] args)
    {
        switch (args)
        {
            case ["echo"]:
                Echo();
                return 0;
            case ["sockets", var loop]:
                DescriptorPrograms.OpensNoSockets(loop == "portable");
                return 0;
            case ["full", var loop]:
                DescriptorPrograms.ServesWithoutDescriptors(loop == "portable");
                return 0;
            case ["application"]:
                RunsUntilItIsStopped();
                return 0;
            case ["spinning"]:
                Spins();
                return 0;
            case ["slow"]:
                TakesSlowTurns();
                return 0;
            case ["worker"]:
                WorkerProgram.Run();
                return 0;
            case ["filter"]:
                Filters();
                return 0;
            case ["redis-lock", var port, var contenders, var seconds]:
                RedisContenders.Run(Number(port), Number(contenders), Number(seconds));
                return 0;
            case ["redis-lock-file", var port, var path, var contenders, var seconds]:
                RedisFileWriters.Run(Number(port), path, Number(contenders), Number(seconds));
                return 0;
            case ["redis-producer", var port, var name, var items, var seconds]:
                RedisWorkers.Produce(Number(port), name, Number(items), Number(seconds));
                return 0;
            case ["redis-consumer", var port]:
                RedisWorkers.Consume(Number(port));
                return 0;
            case ["memcached-callers", var port, var callers, var mode]:
                MemcachedCallers.Run(Number(port), Number(callers), mode);
                return 0;
            case ["activated"]:
                ServesWhatItWasHandedOver();
                return 0;
            default:
                Console.Error.WriteLine("This program is part of the tests: dotnet test");
                return 1;
        }
    }

    /// <summary>The next line of its output.</summary>
    public string? Line() => Waited(_process.StandardOutput.ReadLineAsync());

    public Child Signal(string name)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {_process.Id}"]);
        kill.WaitForExit();
        return this;
    }

    /// <summary>What it wrote until it ended, and its exit code.</summary>
    public (string Output, int Code) Ends()
    {
        var output = Waited(_process.StandardOutput.ReadToEndAsync());
        Assert.That(_process.WaitForExit(Live.Patience), Is.True, "The process did not end.");
        return (output, _process.ExitCode);
    }

    /// <summary>All it wrote to standard error until it ended.</summary>
    public string Errors() => Waited(_process.StandardError.ReadToEndAsync());

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static T Waited<T>(Task<T> task) => task.WaitAsync(Live.Patience).GetAwaiter().GetResult();

    // Writes its port, then each error.
    private static void Echo()
    {
        using var hub = new Hub();
        hub.Errors.Subscribe(static error => Console.WriteLine(error));
        DescriptorPrograms.StartThreads(hub);
        var listening = Tcp.Listen(new IPEndPoint(IPAddress.Any, 0), hub: hub);
        using var echoing = listening.Subscribe(static c => c.UntilEol().Subscribe(c));
        Console.WriteLine(listening.Port);
        using var ever = new ManualResetEventSlim();
        ever.Wait();
    }

    // Its hub never takes another turn. Writes a line for each signal once the application has seen it: two of a kind in a row may be
    // one to a process that is not running.
    private static void Spins()
    {
        using var terminate = Tell(PosixSignal.SIGTERM);
        using var interrupt = Tell(PosixSignal.SIGINT);
        using var quit = Tell(PosixSignal.SIGQUIT);
        Application.Quickstart((Action)(static () =>
        {
            Console.WriteLine("spinning");
            while (true)
            {
                Thread.Yield();
            }
        }));

        static PosixSignalRegistration Tell(PosixSignal signal) => PosixSignalRegistration.Create(signal, static c => Console.WriteLine(c.Signal));
    }

    // Reads commands as lines and what follows them as bytes, and answers in capitals.
    private static void Filters() => Application.Quickstart((Func<Task>)(static async () =>
    {
        using var console = await StandardInput.Open();
        while (await console.Read(Framing.Until("\n")) is { Length: > 1 } line)
        {
            var bytes = await console.Read(Framing.Bytes(int.Parse(line.ToText())));
            await console.Send(bytes.ToUpper());
        }
    }));

    // Nobody observes its hub's errors.
    private static void TakesSlowTurns()
    {
        using var hub = new Hub(new HubOptions { SlowTurn = TimeSpan.FromMilliseconds(50) });
        using var turns = new CountdownEvent(3);
        for (var i = 0; i < 3; i++)
        {
            hub.Post(_ => hub.Post(_ =>
            {
                for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start).TotalMilliseconds < 100;)
                {
                    Thread.Yield();
                }

                turns.Signal();
            }));
        }

        turns.Wait();
        using var moment = new ManualResetEventSlim();
        moment.Wait(500);
    }

    // At a socket named "web" and one for datagrams named "dns", if there are such. Writes what it was handed over.
    private static void ServesWhatItWasHandedOver()
    {
        Console.WriteLine(string.Join(' ', SystemdSocket.All.Select(static socket => socket.Name)));
        var application = new Application();
        if (SystemdSocket.Find("web") is { } web)
        {
            application.Add(new TcpService(web, static c => Observable.Return($"{Environment.ProcessId} {c.LocalEndPoint}\r\n".ToBytes())));
        }

        if (SystemdSocket.Find("dns") is { } dns)
        {
            application.Add(new UdpService(dns, static socket => socket.Select(static datagram => datagram.Reply(datagram.Payload))));
        }

        application.Run();
        Console.WriteLine("ended");
    }

    private static void RunsUntilItIsStopped()
    {
        var service = new TcpService(0, static c => c.UntilEol().Concat(Observable.Return("bye\r\n".ToBytes())));
        Application.Quickstart(service, (Action)(() => Console.WriteLine(service.Port)), (Func<Task>)(async () =>
        {
            try
            {
                await Hub.Current!.Sleep(TimeSpan.FromHours(1));
            }
            finally
            {
                Console.WriteLine("cleaned up");
            }
        }));
        Console.WriteLine("ended");
    }
}
