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
        if (Directory.Exists(path))
        {
            throw new ArgumentException($"'{path}' is a directory. Name a file.", nameof(path));
        }

        // A pipe that is opened without more ado waits for its writer, and the hub with it.
        return OperatingSystem.IsLinux() && Open(path, NonBlocking | CloseOnExec) is >= 0 and var descriptor
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
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

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
