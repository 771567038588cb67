using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>A redis-server of its own for a test: on a free port of the loopback address, in a folder of its own, ended by its process.</summary>
internal sealed class RedisServer : IDisposable
{
    private const string Program = "/usr/bin/redis-server";
    private const int MostAttempts = 5;

    // A server of a cluster waits for the disk whenever the others tell of something new: there it has none.
    private const string Memory = "/dev/shm";

    private readonly string _folder;
    private readonly string _program;
    private readonly string[] _settings;
    private Process _process;

    private RedisServer(string program, params string[] settings)
    {
        (_program, _settings) = (program, settings);
        _folder = settings.Contains("--cluster-enabled") && Directory.Exists(Memory)
            ? Directory.CreateDirectory(Path.Join(Memory, $"redis-{Guid.NewGuid():n}")).FullName
            : Directory.CreateTempSubdirectory("redis-").FullName;
        _process = Begin(FreePort);
    }

    public int Port { get; private set; }

    /// <summary>Starts one, or skips the test where there is none; where CI is <c>true</c> there must be.</summary>
    /// <param name="settings">As on its command line: <c>--appendonly yes</c>.</param>
    public static RedisServer Start(params string[] settings)
    {
        SampleTool.Require(Program, "redis-server");
        return new(Program, ["--save", "", "--daemonize", "no", "--enable-debug-command", "yes", .. settings]);
    }

    /// <summary>Starts Garnet, or skips the test where there is none: <c>./test</c> fetches it, where it can.</summary>
    public static RedisServer StartGarnet()
    {
        var program = Path.Join(Repository.Root, "artifacts", "tools", "garnet-server");
        if (!File.Exists(program))
        {
            Assert.Ignore($"{program} is missing: dotnet tool install garnet-server --tool-path artifacts/tools");
        }

        return new(program);
    }

    /// <summary>A connection string.</summary>
    public string Uri(string user = "", string more = "") => $"redis://{user}127.0.0.1:{Port}{more}";

    /// <summary>Ends it at once, as a machine that loses power.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Sends it a signal: <c>STOP</c>, after which it has stopped, or <c>CONT</c>. Blocks.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {_process.Id}"]);
        kill.WaitForExit();
        using var moment = new ManualResetEventSlim();
        while (name == "STOP" && !File.ReadAllText($"/proc/{_process.Id}/stat").Contains(") T ", StringComparison.Ordinal))
        {
            moment.Wait(1);
        }
    }

    /// <summary>Starts it again, on the same port.</summary>
    public void StartAgain() => _process = Begin(() => Port);

    public void Dispose()
    {
        Kill();
        Directory.Delete(_folder, recursive: true);
    }

    // A port that is free now may be somebody else's in a moment.
    private Process Begin(Func<int> port)
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = port();
            var process = Process.Start(new ProcessStartInfo(_program, ["--port", $"{Port}", "--bind", "127.0.0.1", .. _settings])
            {
                WorkingDirectory = _folder,
                RedirectStandardOutput = true,
            })!;
            if (IsReady(process))
            {
                // What nobody reads would hold it.
                _ = process.StandardOutput.ReadToEndAsync();
                return process;
            }

            process.WaitForExit();
            process.Dispose();
            Assert.That(attempt, Is.LessThan(MostAttempts), $"{_program} does not start.");
        }
    }

    private static bool IsReady(Process process)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
