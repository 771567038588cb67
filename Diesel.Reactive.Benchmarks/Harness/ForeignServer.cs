using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>A small server in another language: a file beside this program, run by what this machine has.</summary>
internal abstract class ForeignServer(string name, string file) : ServerProgram(name)
{
    public override IReadOnlyList<string> Command => CommandAt(0);

    protected string Source { get; } = Path.Combine(AppContext.BaseDirectory, file);

    public override int Serve(int port)
    {
        var command = CommandAt(port);
        using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)))!;
        process.WaitForExit();
        return process.ExitCode;
    }

    protected abstract string[] CommandAt(int port);

    protected static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    protected static bool Succeeds(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    protected static string? InPath(params string[] programs) =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
         from program in programs
         let path = Path.Combine(folder, program)
         where File.Exists(path)
         select path).FirstOrDefault();
}

/// <summary>Compiled when it is first needed, and again when its source has changed.</summary>
internal sealed class CServer(string name, string file) : ForeignServer(name, file)
{
    const string Optimization = "-O3";

    static readonly string? Compiler = InPath("cc", "gcc", "clang");

    public override string? Missing =>
        Compiler is null ? "there is no C compiler (cc, gcc or clang)"
        : Compiled() ? null
        : $"{Compiler} does not compile {Path.GetFileName(Source)}";

    string Executable => Path.Combine(
        AppContext.BaseDirectory,
        $"{Path.GetFileNameWithoutExtension(Source)}{Optimization}-{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Source)))[..12]}");

    protected override string[] CommandAt(int port) => [Executable, Text(port)];

    bool Compiled() => File.Exists(Executable) || Succeeds(Compiler!, Optimization, "-o", Executable, Source);
}

/// <summary>Run by the system's Python, whose packages are Debian's.</summary>
internal sealed class PythonServer(string name, string file, string module, string package) : ForeignServer(name, file)
{
    const string Python = "/usr/bin/python3";

    public override string? Missing =>
        !File.Exists(Python) ? $"there is no {Python}"
        : !Succeeds(Python, "-c", $"import {module}") ? $"{Python} has no module {module} (Debian: {package})"
        : null;

    protected override string[] CommandAt(int port) => [Python, Source, Text(port)];
}
