using System.Diagnostics;

namespace Diesel.Reactive.Tests;

/// <summary>Runs a program of the system to its end; what it printed, standard error included.</summary>
internal static class SampleTool
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static async Task<(int ExitCode, string Text)> Run(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', args)} did not end within {Deadline}.");
        }
    }

    /// <summary>Skips the test where the program's Debian package is missing; where CI is <c>true</c> it must be there.</summary>
    public static void Require(string file, string package)
    {
        if (File.Exists(file))
        {
            return;
        }

        var missing = $"{file} is missing: install the Debian package {package}.";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(missing);
        }

        Assert.Ignore(missing);
    }
}
