using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>A sample that runs as a process of its own; disposing it ends that process and no other.</summary>
internal sealed partial class SampleProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(40);

    private readonly string _name;
    private readonly Process _process;
    private readonly StringBuilder _printed = new();
    private readonly Task<string> _errors;
    private int _read;

    private SampleProcess(string name, Process process)
    {
        (_name, _process) = (name, process);
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static async Task<SampleProcess> Start(string name, params string[] args) => Run(name, await SampleBuild.Of(name), args);

    /// <summary>Runs a program that was built already.</summary>
    public static SampleProcess Run(string name, string assembly, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // How much garbage the runtime lets gather depends on the processor's caches; what an attack may cost must not.
        start.Environment["DOTNET_GCgen0size"] = "0x800000";
        return new SampleProcess(name, Process.Start(start)!);
    }

    /// <summary>Starts a server sample on a port the system chooses, and waits until it accepts.</summary>
    public static async Task<(SampleProcess Process, IPEndPoint EndPoint)> Serve(string name, params string[] args)
    {
        var process = await Start(name, ["0", .. args]);
        try
        {
            var line = await process.Line();
            Assert.That(line, Does.Match(@"^listening on \d+\.\d+\.\d+\.\d+:\d+$"));
            return (process, new(IPAddress.Loopback, IPEndPoint.Parse(line["listening on ".Length..]).Port));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public Task Type(string line) => _process.StandardInput.WriteLineAsync(line);

    public void EndInput() => _process.StandardInput.Close();

    /// <summary>The next line it prints, without its end.</summary>
    public async Task<string> Line() => (await ReadUntil("\n"))[..^1];

    /// <summary>What it prints next, up to and including a text.</summary>
    public async Task<string> ReadUntil(string text)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var chunk = new char[4096];
        int found;
        while ((found = _printed.ToString(_read, _printed.Length - _read).IndexOf(text, StringComparison.Ordinal)) < 0)
        {
            var count = await OrTooLate(_process.StandardOutput.ReadAsync(chunk, deadline.Token).AsTask(), $"print '{text}'");
            if (count == 0)
            {
                throw new EndOfStreamException($"{_name} ended and never printed '{text}'. {await Story()}");
            }

            _printed.Append(chunk, 0, count);
        }

        var read = _printed.ToString(_read, found + text.Length);
        _read += read.Length;
        return read;
    }

    /// <summary>What it prints until it ends by itself.</summary>
    public async Task<string> ReadToEnd()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var rest = _printed.ToString(_read, _printed.Length - _read);
        _read = _printed.Length;
        return rest + await OrTooLate(_process.StandardOutput.ReadToEndAsync(deadline.Token), "end");
    }

    /// <summary>Its exit code and what it wrote to standard error, when it has ended.</summary>
    public async Task<(int Code, string Errors)> End()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        await OrTooLate(Wait(deadline.Token), "end");
        return (_process.ExitCode, await _errors);
    }

    /// <summary>Its number among the system's processes.</summary>
    public int Id => _process.Id;

    public void Send(PosixSignal signal) => Send(signal switch
    {
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGTERM => 15,
        _ => throw new ArgumentOutOfRangeException(nameof(signal)),
    });

    /// <summary>Sends a signal by Linux's number for it.</summary>
    public void Send(int signal) => Assert.That(Kill(Id, signal), Is.Zero);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    private async Task<int> Wait(CancellationToken deadline)
    {
        await _process.WaitForExitAsync(deadline);
        return _process.ExitCode;
    }

    private async Task<T> OrTooLate<T>(Task<T> task, string what)
    {
        try
        {
            return await task;
        }
        catch (OperationCanceledException)
        {
            // What it has started would hold the other end of what we read.
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{_name} did not {what} within {Deadline}. {await Story()}");
        }
    }

    private async Task<string> Story() => $"It printed:\n{_printed}\nand as errors:\n{await _errors}";
}
