using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

/// <summary>A redis-server of the sample's own, on a free port of the loopback address; it ends with the sample.</summary>
internal sealed class PrivateRedis : IDisposable
{
    private readonly Process _process;

    private PrivateRedis(Process process, int port) => (_process, Uri) = (process, $"redis://127.0.0.1:{port}");

    /// <summary>A connection string.</summary>
    public string Uri { get; }

    public static PrivateRedis Start()
    {
        var port = FreePort();
        try
        {
            var process = Process.Start(new ProcessStartInfo("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--daemonize", "no"]) { RedirectStandardOutput = true })!;
            while (process.StandardOutput.ReadLine() is { } line && !line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
            }

            // What nobody reads would hold it.
            _ = process.StandardOutput.ReadToEndAsync();
            return new PrivateRedis(process, port);
        }
        catch (Win32Exception)
        {
            throw Arguments.Wrong("there is no redis-server to start. Install it, or give a connection string: redis://localhost");
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
