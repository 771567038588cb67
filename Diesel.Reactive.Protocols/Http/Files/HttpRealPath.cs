using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Where something really lies, with all links followed.</summary>
internal static class HttpRealPath
{
    /// <summary>Of an open file: on Linux of what is open, elsewhere of what its name says now.</summary>
    public static string Of(SafeFileHandle file, string path) =>
        OperatingSystem.IsLinux() && new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}").LinkTarget is { } real ? real : Of(path);

    /// <summary>Of a path whose parts are there.</summary>
    public static string Of(string path)
    {
        var root = Path.GetPathRoot(path)!;
        var real = root;
        foreach (var part in path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Join(real, part);
            var target = new FileInfo(next).ResolveLinkTarget(returnFinalTarget: true)?.FullName;
            real = target is null ? next : Of(target);
        }

        return real;
    }
}
