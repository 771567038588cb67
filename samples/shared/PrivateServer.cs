using System.Diagnostics;

/// <summary>The server a sample was given; or a process of its own, which keeps nothing and ends with the sample.</summary>
internal sealed class PrivateServer : IDisposable
{
    private readonly Process? _process;
    private readonly string? _folder;

    /// <summary>One that is there already.</summary>
    public PrivateServer(string uri) => Uri = uri;

    private PrivateServer(string uri, Process process, string folder)
    {
        (Uri, _process, _folder) = (uri, process, folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>Where it is.</summary>
    public string Uri { get; }

    /// <summary>Starts one, and waits until it is ready.</summary>
    /// <param name="program">What is started.</param>
    /// <param name="example">What a sample can be given instead.</param>
    /// <param name="arguments">What it is told, with a folder of its own at hand.</param>
    /// <param name="output">Where it says how far it is.</param>
    /// <param name="ready">What it says when it is.</param>
    /// <param name="uri">Where it is, by what it has said.</param>
    public static PrivateServer Start(
        string program, string example, Func<string, string[]> arguments, Func<Process, StreamReader> output, string ready, Func<IReadOnlyList<string>, string> uri)
    {
        var folder = Directory.CreateTempSubdirectory(program).FullName;
        try
        {
            var process = Process.Start(new ProcessStartInfo(program, arguments(folder)) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = new List<string>();
            for (var line = ""; !line.Contains(ready, StringComparison.Ordinal); said.Add(line))
            {
                line = output(process).ReadLine() ?? throw new InvalidOperationException($"{program} ended before it was ready: {string.Join('\n', said)}");
            }

            // What nobody reads would hold it.
            _ = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            return new(uri(said), process, folder);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Directory.Delete(folder);
            Console.Error.WriteLine($"{AppDomain.CurrentDomain.FriendlyName}: there is no {program} here: install it, or name a server, as {example}.");
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
