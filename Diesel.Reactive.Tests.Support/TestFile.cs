using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>A file for the time of a test.</summary>
internal sealed class TestFile : IDisposable
{
    public TestFile(string content)
    {
        Content = content;
        File.WriteAllText(Path, content, Encoding.Latin1);
    }

    public string Content { get; }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName());

    /// <summary>Whether this process has it open; on Linux.</summary>
    public bool IsOpen => Directory.GetFiles("/proc/self/fd").Any(descriptor => new FileInfo(descriptor).LinkTarget == Path);

    public void Shorten(long length)
    {
        using var file = File.OpenWrite(Path);
        file.SetLength(length);
    }

    public void Dispose() => File.Delete(Path);
}
