using System.Runtime.InteropServices;
using System.Text;

namespace Diesel.Reactive;

/// <summary>What is asked of Linux to run a program: how it begins, how it is told, how it has ended.</summary>
internal static unsafe partial class ChildSystem
{
    private const int NotThere = 2;
    private const int Denied = 13;
    private const int TooManyInAll = 23;
    private const int TooMany = 24;
    private const int OpaqueSize = 1024;
    private const short OwnGroup = 0x02;
    private const short DefaultSignals = 0x04;
    private const short SignalMask = 0x08;
    private const int BrokenPipe = 13;
    private const int UnixFamily = 1;
    private const int StreamSocket = 1;
    private const int CloseOnExec = 0x80000;
    private const int DuplicateCloseOnExec = 1030;
    private const int GetStatusFlags = 3;
    private const int SetStatusFlags = 4;
    private const int NonBlocking = 0x800;
    private const int WriteOnly = 1;
    private const int DoNotWait = 1;
    private const int FirstOwn = 3;

    /// <summary>Two ends of one stream: this program's, which does not block, and the child's.</summary>
    /// <exception cref="IOException">There are no descriptors left.</exception>
    public static (int Own, int Child) SocketPair()
    {
        var ends = stackalloc int[2];
        if (SocketPair(UnixFamily, StreamSocket | CloseOnExec, 0, ends) < 0)
        {
            throw Failed("its streams cannot be made");
        }

        // Below that are the places where the child will look for its own.
        var child = ends[1] >= FirstOwn ? ends[1] : Move(ends[1]);
        _ = Control(ends[0], SetStatusFlags, Control(ends[0], GetStatusFlags, 0) | NonBlocking);
        return (ends[0], child);
    }

    public static void Close(int descriptor) => _ = CloseDescriptor(descriptor);

    /// <summary>Starts a program, in a group of its own.</summary>
    /// <param name="path">Of the program; absolute.</param>
    /// <param name="arguments">With its name.</param>
    /// <param name="environment">Each <c>NAME=value</c>.</param>
    /// <param name="folder">Where it begins; null: here.</param>
    /// <param name="input">What becomes its standard input.</param>
    /// <param name="output">What becomes its standard output.</param>
    /// <param name="errors">What becomes its standard error; null: the caller's, -1: nobody reads it.</param>
    /// <returns>Its number, and its group's.</returns>
    /// <exception cref="IOException">The system cannot; the message says why.</exception>
    public static int Spawn(
        string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, string? folder, int input, int output, int? errors)
    {
        byte* actions = stackalloc byte[OpaqueSize], attributes = stackalloc byte[OpaqueSize];
        using var strings = new NativeStrings();
        _ = InitActions(actions);
        _ = InitAttributes(attributes);
        try
        {
            _ = AddDuplicate(actions, input, 0);
            _ = AddDuplicate(actions, output, 1);
            if (errors is >= 0 and var descriptor)
            {
                _ = AddDuplicate(actions, descriptor, 2);
            }
            else if (errors is not null)
            {
                _ = AddOpen(actions, 2, strings.Add("/dev/null"), WriteOnly, 0);
            }

            if (folder is not null)
            {
                _ = AddChangeFolder(actions, strings.Add(folder));
            }

            // .NET ignores SIGPIPE, and a program that inherits that writes on when nobody reads.
            byte* ignored = stackalloc byte[OpaqueSize], none = stackalloc byte[OpaqueSize];
            _ = EmptySet(ignored);
            _ = EmptySet(none);
            _ = AddToSet(ignored, BrokenPipe);
            _ = SetDefaultSignals(attributes, ignored);
            _ = SetMask(attributes, none);
            _ = SetGroup(attributes, 0);
            _ = SetFlags(attributes, OwnGroup | DefaultSignals | SignalMask);
            int process;
            var error = Spawn(&process, strings.Add(path), actions, attributes, strings.Add(arguments), strings.Add(environment));
            return error == 0 ? process : throw Failed(path, folder, error);
        }
        finally
        {
            _ = DestroyActions(actions);
            _ = DestroyAttributes(attributes);
        }
    }

    /// <summary>Looks whether a child has ended, and lets go of it if so.</summary>
    /// <param name="process">Its number.</param>
    /// <param name="status">How, as the system says it; null: somebody else has taken it.</param>
    public static bool HasEnded(int process, out int? status)
    {
        int said;
        int found;
        do
        {
            found = WaitFor(process, &said, DoNotWait);
        }
        while (found < 0 && Marshal.GetLastPInvokeError() == 4);

        status = found == process ? said : null;
        return found != 0;
    }

    /// <summary>Sends a signal to a group; 0 only looks for it.</summary>
    /// <returns>False: nobody is in it.</returns>
    public static bool Signal(int group, int signal) => Kill(-group, signal) == 0;

    private static int Move(int descriptor)
    {
        var moved = Control(descriptor, DuplicateCloseOnExec, FirstOwn);
        Close(descriptor);
        return moved;
    }

    private static IOException Failed(string what) =>
        new($"A child process cannot be started: {what} ({Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}).");

    private static Exception Failed(string path, string? folder, int error)
    {
        var why = $"'{path}' cannot be started{(folder is null ? "" : $" in '{folder}'")}: {Marshal.GetPInvokeErrorMessage(error)}";
        return error switch
        {
            NotThere => new FileNotFoundException($"{why}. Check the path, its interpreter (#!) and the folder.", path),
            Denied => new UnauthorizedAccessException($"{why}. It must be a program that this user may run."),
            TooMany or TooManyInAll => new IOException($"{why}. Dispose children that are not needed any more, or raise the limit (ulimit -n)."),
            _ => new IOException($"{why}."),
        };
    }

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static partial int SocketPair(int family, int type, int protocol, int* ends);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int Spawn(int* process, byte* path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(byte* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    private static partial int AddOpen(byte* actions, int descriptor, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    private static partial int AddChangeFolder(byte* actions, byte* path);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int InitAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setpgroup")]
    private static partial int SetGroup(byte* attributes, int group);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaultSignals(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySet(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigaddset")]
    private static partial int AddToSet(byte* signals, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitFor(int process, int* status, int options);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    /// <summary>Text as C has it, for the length of a call.</summary>
    private sealed class NativeStrings : IDisposable
    {
        private readonly List<nint> _memory = [];

        public byte* Add(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var native = (byte*)Allocate(bytes.Length + 1);
            bytes.CopyTo(new Span<byte>(native, bytes.Length));
            native[bytes.Length] = 0;
            return native;
        }

        public byte** Add(IReadOnlyList<string> texts)
        {
            var native = (byte**)Allocate((texts.Count + 1) * sizeof(byte*));
            for (var i = 0; i < texts.Count; i++)
            {
                native[i] = Add(texts[i]);
            }

            native[texts.Count] = null;
            return native;
        }

        public void Dispose() => _memory.ForEach(static each => NativeMemory.Free((void*)each));

        private void* Allocate(int size)
        {
            var memory = NativeMemory.Alloc((nuint)size);
            _memory.Add((nint)memory);
            return memory;
        }
    }
}
