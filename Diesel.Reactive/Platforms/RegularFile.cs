using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive;

/// <summary>A file that has a length and a place for each byte, and never makes its reader wait for somebody.</summary>
internal static partial class RegularFile
{
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    /// <exception cref="ArgumentException">It is a directory.</exception>
    public static SafeFileHandle Open(string path)
    {
        // A pipe that is opened without more ado waits for its writer, and the hub with it.
        if (!OperatingSystem.IsLinux() || Open(path, NonBlocking | CloseOnExec) is not (>= 0 and var descriptor))
        {
            return Directory.Exists(path) ? throw IsNoFile(path) : File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        }

        // What is open is asked what it is: its path may be another's by now.
        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        if ((File.GetAttributes(file) & FileAttributes.Directory) == 0)
        {
            return file;
        }

        file.Dispose();
        throw IsNoFile(path);
    }

    /// <exception cref="ArgumentException">It has none.</exception>
    public static long LengthOf(SafeFileHandle file)
    {
        try
        {
            return RandomAccess.GetLength(file);
        }
        catch (NotSupportedException error)
        {
            throw new ArgumentException("This is no file but a pipe, a socket or the like: it has no length. Read it, and send what was read.", nameof(file), error);
        }
    }

    private static ArgumentException IsNoFile(string path) => new($"'{path}' is a directory. Name a file.", nameof(path));

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
