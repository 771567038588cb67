using System.Diagnostics;

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
        start.ArgumentList.Add($"{limits}; exec '{Environment.ProcessPath}' exec '{typeof(Child).Assembly.Location}' {program}");
        _process = Process.Start(start)!;
    }

    public static int Main(string[] args)
    {
        switch (args)
        {
            case ["echo"]:
                Echo();
                return 0;
            case ["application"]:
                RunsUntilItIsStopped();
                return 0;
            default:
                Console.Error.WriteLine("This program is the tests: dotnet test");
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

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static T Waited<T>(Task<T> task) => task.WaitAsync(Live.Patience).GetAwaiter().GetResult();

    // Writes its port, then each error.
    private static void Echo()
    {
        using var hub = new Hub();
        hub.Errors.Subscribe(static error => Console.WriteLine(error));
        var service = new TcpService(0, static c => c.UntilEol());
        service.Start(hub);
        Console.WriteLine(service.EndPoint.Port);
        using var ever = new ManualResetEventSlim();
        ever.Wait();
    }

    private static void RunsUntilItIsStopped()
    {
        var service = new TcpService(0, static c => c.UntilEol().Concat(Observable.Return("bye\r\n".ToBytes())));
        Application.Quickstart(service, (Action)(() => Console.WriteLine(service.EndPoint.Port)), (Func<Task>)(async () =>
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
