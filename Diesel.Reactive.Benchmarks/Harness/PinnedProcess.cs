using System.Diagnostics;
using System.Reflection;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>
/// A process on a core of its own. It ends at the latest when it is disposed of: its standard input closes, and after a
/// grace it is killed by its id.
/// </summary>
internal sealed class PinnedProcess : IDisposable
{
    // On one core .NET waits ten times as long before it optimizes what is called often, and begins to wait anew with whatever is called
    // for the first time: that may take longer than any warm-up.
    const string TieringDelay = "DOTNET_TC_DelaySingleProcMultiplier";

    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    readonly Process _process;
    readonly string _name;

    /// <param name="place">Whose core; null: it runs where the system likes.</param>
    /// <param name="program">The command.</param>
    public PinnedProcess(int? place, IReadOnlyList<string> program)
    {
        _name = string.Join(' ', program);
        var command = place is { } core ? CpuPinning.Command(core, program) : program;
        _process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { [TieringDelay] = "1" },
        })!;
    }

    /// <summary>The command that runs this very program: the dotnet host with an assembly, or the program itself.</summary>
    public static IReadOnlyList<string> ThisProgram =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, Assembly.GetExecutingAssembly().Location]
            : [Environment.ProcessPath!];

    public int Id => _process.Id;

    public void WriteLine(string line) => _process.StandardInput.WriteLine(line);

    /// <summary>The next line of its output.</summary>
    /// <exception cref="NoResultException">It ended, or said nothing within the deadline.</exception>
    public string ReadLine(TimeSpan deadline)
    {
        var line = _process.StandardOutput.ReadLineAsync();
        return line.Wait(deadline)
            ? line.Result ?? throw new NoResultException($"'{_name}' ended without a result")
            : throw new NoResultException($"'{_name}' said nothing for {deadline.TotalSeconds:0} s and is killed");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(Grace))
        {
            _process.Kill();
            _process.WaitForExit(Grace);
        }

        _process.Dispose();
    }
}
