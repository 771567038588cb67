using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive.Benchmarks.Bulk;

/// <summary>What flows: a mebibyte over and over. The client's first line says in which direction, and where it comes from.</summary>
internal static class BulkStream
{
    public const int Length = 1 << 20;

    /// <summary>The server sends mebibytes until the client is gone.</summary>
    public const string Download = "download";

    /// <summary>The same, each in two parts: a head of <see cref="Head"/> bytes that is written and a body that lies ready.</summary>
    public const string Reply = "reply";

    /// <summary>The same, each from a file.</summary>
    public const string File = "file";

    /// <summary>The server counts until the client's end, and answers with the count.</summary>
    public const string Upload = "upload";

    /// <summary>The server sends back what comes.</summary>
    public const string Echo = "echo";

    public const int Head = 128;

    public static readonly byte[] Content = [.. Enumerable.Range(0, Length).Select(i => (byte)((i * 31) + (i >> 8)))];

    static readonly Lazy<SafeFileHandle> Written = new(Write);

    /// <summary>The mebibyte in a file, which the system has in memory.</summary>
    public static SafeFileHandle ContentFile => Written.Value;

    public static bool IsDownload(ReadOnlySpan<byte> line) => line.StartsWith("d"u8);

    public static bool IsReply(ReadOnlySpan<byte> line) => line.StartsWith("r"u8);

    public static bool IsFile(ReadOnlySpan<byte> line) => line.StartsWith("f"u8);

    public static bool IsEcho(ReadOnlySpan<byte> line) => line.StartsWith("e"u8);

    static SafeFileHandle Write()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var file = System.IO.File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, options: FileOptions.DeleteOnClose);
        RandomAccess.Write(file, Content, 0);
        return file;
    }
}
