using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

/// <summary>The server a sample was given; or one of its own: a redis-server on a free port of the loopback address, which keeps nothing and ends with the
/// sample.</summary>
internal sealed class PrivateRedis : IDisposable
{
    private readonly Process? _process;

    private PrivateRedis(string uri, Process? process)
    {
        (Uri, _process) = (uri, process);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>Where it is.</summary>
    public string Uri { get; }

    public static PrivateRedis Unless(string? given)
    {
        if (given is not null)
        {
            return new(given, null);
        }

        var port = FreePort();
        try
        {
            var process = Process.Start(new ProcessStartInfo(
                "redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--dir", Path.GetTempPath(), "--notify-keyspace-events", "KA"])
            {
                RedirectStandardOutput = true,
            })!;
            while (process.StandardOutput.ReadLine() is { } line && !line.Contains("Ready to accept", StringComparison.Ordinal))
            {
            }

            // What nobody reads would hold it.
            _ = process.StandardOutput.ReadToEndAsync();
            return new($"redis://127.0.0.1:{port}", process);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Console.Error.WriteLine($"{AppDomain.CurrentDomain.FriendlyName}: there is no redis-server here: install it, or name a server, as redis://host:6379.");
            Environment.Exit(1);
            throw;
        }
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }
    }

    // Of those that the system gives to nobody who connects: one of his would be taken when the server wants it.
    private static int FreePort()
    {
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(10_000, 32_000)));
                return ((IPEndPoint)socket.LocalEndPoint!).Port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
