using System.Net;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

/// <summary>Programs of a process that has used up its descriptors.</summary>
internal static class DescriptorPrograms
{
    /// <summary>Writes why nothing can be opened. All is done once before, since code that is loaded needs descriptors as well.</summary>
    public static void OpensNoSockets(bool portable)
    {
        using var hub = new Hub(new HubOptions { Portable = portable });
        StartThreads(hub);
        _ = Errors(hub);
        var files = TakeAllDescriptors();
        var errors = Errors(hub);
        files.ForEach(static file => file.Dispose());
        Array.ForEach(errors, Console.WriteLine);
    }

    /// <summary>Writes its port, then that it has no descriptor left to accept with. It has served before, as code that is loaded needs some.</summary>
    public static void ServesWithoutDescriptors(bool portable)
    {
        using var hub = new Hub(new HubOptions { Portable = portable });
        StartThreads(hub);
        var service = new TcpService(0, static c => c.UntilEol(), hub: hub);
        service.Start();
        using (var peer = new RawPeer(service.EndPoint))
        {
            peer.Sends("A\r\n").Reads(3);
        }

        Console.WriteLine(service.Port);
        hub.Errors.Subscribe(_ => hub.Schedule(TimeSpan.FromMilliseconds(100), static () =>
        {
            Console.WriteLine($"{FreeDescriptors()} descriptors");
            new Thread(static () => Console.WriteLine("a thread")).Start();
        }));
        var files = TakeAllDescriptors();
        Console.WriteLine("full");
        using var ever = new ManualResetEventSlim();
        ever.Wait();
        files.Clear();
    }

    private static int FreeDescriptors()
    {
        var files = new List<FileStream>();
        try
        {
            while (true)
            {
                files.Add(File.OpenRead("/dev/null"));
            }
        }
        catch (IOException)
        {
            files.ForEach(static file => file.Dispose());
            return files.Count;
        }
    }

    // Until none has become free for a while: what was closed before lets go of its own in its own time, with the hub's next turn or
    // when it is collected, and one of those would serve a connection that is meant to meet none.
    private static List<FileStream> TakeAllDescriptors()
    {
        const int LooksInVain = 40;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var files = new List<FileStream>();
        using var moment = new ManualResetEventSlim();
        for (var looks = 0; looks < LooksInVain;)
        {
            try
            {
                files.Add(File.OpenRead("/dev/null"));
                looks = 0;
            }
            catch (IOException)
            {
                looks++;
                moment.Wait(25);
            }
        }

        return files;
    }

    private static string[] Errors(Hub hub) =>
    [
        ErrorOf(Tcp.Connect("127.0.0.1", 9, hub: hub)),
        ErrorOf(Udp.Connect("127.0.0.1", 9, hub: hub)),
        ErrorOf(Listening(Tcp.Listen(new IPEndPoint(IPAddress.Loopback, 0), hub: hub))),
        ErrorOf(Udp.Bind(new IPEndPoint(IPAddress.Loopback, 0), hub: hub)),
    ];

    // Where it listens, once it does.
    private static IObservable<EndPoint> Listening(TcpListening listening) => Observable.Create<EndPoint>(observer =>
    {
        var failed = false;
        var subscription = listening.Subscribe(static _ => { }, error =>
        {
            failed = true;
            observer.OnError(error);
        });
        if (!failed)
        {
            observer.OnNext(listening.EndPoint);
        }

        return subscription;
    });

    // What was opened ends with the process.
    private static string ErrorOf<T>(IObservable<T> source)
    {
        using var told = new ManualResetEventSlim();
        Exception? error = null;
        source.Subscribe(_ => told.Set(), failed =>
        {
            error = failed;
            told.Set();
        });
        told.Wait();

        return $"{error?.GetType().Name}: {error?.Message}";
    }

    /// <summary>The runtime needs descriptors to start a thread, and ends the process when it gets none: all it may want are started while there are some.</summary>
    public static void StartThreads(Hub hub)
    {
        const int Threads = 8;
        ThreadPool.SetMinThreads(Threads, Threads);
        using var all = new Barrier(Threads + 1);
        for (var i = 0; i < Threads; i++)
        {
            ThreadPool.QueueUserWorkItem(_ => all.SignalAndWait());
        }

        all.SignalAndWait();
        using var timer = new ManualResetEventSlim();
        using var sleep = hub.Sleep(TimeSpan.FromMilliseconds(1)).Subscribe(_ => timer.Set());
        timer.Wait();
    }
}
