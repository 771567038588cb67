using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>The file of a listening Unix socket: who knows its path can connect. It is told from another one that has the path by now.</summary>
internal sealed partial class SocketFile
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint Wanted = 0x7ff | 0x800;
    private const int KindMask = 0xf000;
    private const int SocketKind = 0xc000;

    private readonly string _path;
    private readonly Identity? _identity;
    private readonly int? _mode;

    private SocketFile(string path, Identity? identity, int? mode) => (_path, _identity, _mode) = (path, identity, mode);

    /// <summary>The file that is there; null: none is.</summary>
    public static SocketFile? At(string path) =>
        OperatingSystem.IsLinux() ? Look(path) : Named(path);

    /// <summary>Whether it is still there, and no other in its place.</summary>
    public bool IsThere => At(_path) is { } present && present._identity == _identity;

    /// <summary>Whether somebody listens, as far as can be found out: it answers, or does not say that nobody does.</summary>
    public bool IsAlive
    {
        get
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
            try
            {
                probe.Connect(new UnixDomainSocketEndPoint(_path));
                return true;
            }
            catch (SocketException error)
            {
                return error.SocketErrorCode is not (SocketError.ConnectionRefused or SocketError.AddressNotAvailable);
            }
        }
    }

    /// <summary>Whether it is a socket; other files are nobody's to replace.</summary>
    public bool IsSocket => _mode is { } mode ? (mode & KindMask) == SocketKind : new FileInfo(_path).Length == 0;

    /// <summary>Removes it, if it is the one that was looked at.</summary>
    public void Remove()
    {
        try
        {
            if (IsThere)
            {
                File.Delete(_path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The directory has changed hands; the next who listens there finds a socket at which nobody does.
        }
    }

    private static SocketFile? Named(string path) => File.Exists(path) ? new SocketFile(path, null, null) : null;

    private static unsafe SocketFile? Look(string path)
    {
        FileStatus status;
        try
        {
            return GetStatus(CurrentDirectory, path, NoFollow, Wanted, &status) != 0 ? null : new SocketFile(
                path, new Identity(status.DeviceMajor, status.DeviceMinor, status.Node, status.BirthSeconds, status.BirthNanoseconds), status.Mode);
        }
        catch (EntryPointNotFoundException)
        {
            // An old C library: files are told apart by their names only.
            return Named(path);
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int GetStatus(int directory, string path, int flags, uint wanted, FileStatus* status);

    // A number is given to another file when its own is gone: the time of birth tells them apart, where the file system knows it.
    private readonly record struct Identity(uint DeviceMajor, uint DeviceMinor, ulong Node, long BirthSeconds, uint BirthNanoseconds);

    /// <summary>struct statx, the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Node;

        [FieldOffset(80)]
        public long BirthSeconds;

        [FieldOffset(88)]
        public uint BirthNanoseconds;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
