using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>A program of the system that serves at ports or paths while a test runs, in a folder of its own.</summary>
internal sealed class Daemon : IDisposable
{
    private const int MostLooks = 500;

    private readonly string _folder = Directory.CreateTempSubdirectory("d-").FullName;
    private readonly Process _process;
    private readonly Task<string> _errors;

    /// <param name="program">Its path; the test is skipped where it is missing.</param>
    /// <param name="package">Where it comes from.</param>
    /// <param name="configuration">Written to the file <c>config</c>; null: none.</param>
    /// <param name="ready">Where it must accept before the test goes on.</param>
    /// <param name="args"><c>{0}</c> in them stands for the folder.</param>
    public Daemon(string program, string package, string? configuration, EndPoint ready, params string[] args)
    {
        SampleTool.Require(program, package);
        File.WriteAllText(Path.Combine(_folder, "config"), (configuration ?? "").Replace("{0}", _folder, StringComparison.Ordinal));
        var start = new ProcessStartInfo(program, args.Select(arg => arg.Replace("{0}", _folder, StringComparison.Ordinal)))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        _process = Process.Start(start)!;
        _ = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
        Wait(ready);
    }

    /// <summary>A port that nobody has just now.</summary>
    public static IPEndPoint FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>Its number among the system's processes.</summary>
    public int Id => _process.Id;

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Wait(EndPoint ready)
    {
        using var moment = new ManualResetEventSlim();
        for (var looks = 0; !Accepts(ready); looks++)
        {
            if (_process.HasExited || looks == MostLooks)
            {
                Assert.Fail($"{_process.StartInfo.FileName} does not serve at {ready}: {(_process.HasExited ? _errors.Result : "")}");
            }

            moment.Wait(20);
        }
    }

    private static bool Accepts(EndPoint at)
    {
        using var socket = new Socket(at.AddressFamily, SocketType.Stream, at is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            socket.Connect(at);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
