using System.Diagnostics;
using System.Reflection;

namespace Diesel.Reactive.Benchmarks.Echo;

/// <summary>
/// This same program as a process of its own, on a core of its own. It ends at the latest when it is disposed of:
/// its standard input closes, and after a grace it is killed by its id.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    readonly Process _process;
    readonly string _name;

    public ChildProcess(int place, params string[] arguments)
    {
        _name = string.Join(' ', arguments);
        var command = CpuPinning.Command(place, [.. ThisProgram(), .. arguments]);
        _process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    public int Id => _process.Id;

    /// <summary>The next line of its output.</summary>
    /// <exception cref="EchoFailedException">It ended, or said nothing within the deadline.</exception>
    public string ReadLine(TimeSpan deadline)
    {
        var line = _process.StandardOutput.ReadLineAsync();
        return line.Wait(deadline)
            ? line.Result ?? throw new EchoFailedException($"'{_name}' ended without a result")
            : throw new EchoFailedException($"'{_name}' said nothing for {deadline.TotalSeconds:0} s and is killed");
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

    // Under `dotnet run` this process is the program itself; under `dotnet some.dll` it is the dotnet host.
    static string[] ThisProgram()
    {
        var executable = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(executable) == "dotnet"
            ? [executable, Assembly.GetExecutingAssembly().Location]
            : [executable];
    }
}
