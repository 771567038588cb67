using System.Diagnostics;

/// <summary>The server of NATS a sample was given; or one of its own: a nats-server with JetStream on the loopback address, whose folder ends with the sample.</summary>
internal sealed class PrivateNats : IDisposable
{
    private readonly Process? _process;
    private readonly string? _folder;

    private PrivateNats(string uri, Process? process, string? folder)
    {
        (Uri, _process, _folder) = (uri, process, folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>Where it is.</summary>
    public string Uri { get; }

    public static PrivateNats Unless(string? given)
    {
        if (given is not null)
        {
            return new(given, null, null);
        }

        var folder = Directory.CreateTempSubdirectory("nats").FullName;
        try
        {
            var process = Process.Start(new ProcessStartInfo("nats-server", ["-a", "127.0.0.1", "-p", "-1", "-js", "-sd", folder]) { RedirectStandardError = true })!;
            var uri = "";
            while (process.StandardError.ReadLine() is { } line && !line.Contains("Server is ready", StringComparison.Ordinal))
            {
                const string Listens = "Listening for client connections on ";
                uri = line.IndexOf(Listens, StringComparison.Ordinal) is var at and >= 0 ? $"nats://{line[(at + Listens.Length)..]}" : uri;
            }

            // What nobody reads would hold it.
            _ = process.StandardError.ReadToEndAsync();
            return new(uri, process, folder);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Console.Error.WriteLine($"{AppDomain.CurrentDomain.FriendlyName}: there is no nats-server here: install it, or name a server, as nats://host:4222.");
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
            Directory.Delete(_folder!, recursive: true);
        }
    }
}
