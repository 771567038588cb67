using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>Linux epoll, level-triggered, and the two calls that move bytes, with nothing in between.</summary>
internal sealed unsafe partial class Epoll : IDisposable
{
    const int MaxEvents = 256;
    const int CtlAdd = 1;
    const int CtlModify = 3;
    const int Interrupted = 4;
    const int WouldBlock = 11;
    const int MsgDontWait = 0x40;
    const int MsgNoSignal = 0x4000;

    // struct epoll_event { uint32_t events; uint64_t data; } is packed on x64 only.
    static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    static readonly int DataOffset = Stride - sizeof(ulong);

    readonly byte* _events = (byte*)NativeMemory.AllocZeroed(MaxEvents, (nuint)Stride);
    readonly int _epoll = Checked(Create(0));

    [Flags]
    public enum Interest : uint
    {
        In = 1,
        Out = 4,
    }

    public void Add(int socket, int key, Interest interest) => Control(CtlAdd, socket, key, interest);

    public void Modify(int socket, int key, Interest interest) => Control(CtlModify, socket, key, interest);

    /// <summary>The number of ready sockets; <see cref="Key"/> tells which. 0 after the timeout.</summary>
    public int Wait(int milliseconds)
    {
        var ready = Wait(_epoll, _events, MaxEvents, milliseconds);
        return ready >= 0 ? ready : Marshal.GetLastPInvokeError() == Interrupted ? 0 : throw new Win32Exception();
    }

    public int Key(int index) => (int)Unsafe.ReadUnaligned<ulong>(_events + (index * Stride) + DataOffset);

    /// <summary>Bytes received; -1 if there are none yet, 0 after the peer's FIN.</summary>
    public static int Receive(int socket, byte* buffer, int length) =>
        Moved(Receive(socket, buffer, (nuint)length, MsgDontWait));

    /// <summary>Bytes taken by the kernel; -1 if it has no room.</summary>
    public static int Send(int socket, byte* buffer, int length) =>
        Moved(Send(socket, buffer, (nuint)length, MsgDontWait | MsgNoSignal));

    public void Dispose()
    {
        _ = Close(_epoll);
        NativeMemory.Free(_events);
    }

    void Control(int operation, int socket, int key, Interest interest)
    {
        var change = stackalloc byte[Stride];
        Unsafe.WriteUnaligned(change, (uint)interest);
        Unsafe.WriteUnaligned(change + DataOffset, (ulong)key);
        Checked(Control(_epoll, operation, socket, change));
    }

    static int Moved(nint result) =>
        result >= 0 ? (int)result
        : Marshal.GetLastPInvokeError() is WouldBlock or Interrupted ? -1
        : throw new Win32Exception();

    static int Checked(int result) => result >= 0 ? result : throw new Win32Exception();

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int socket, byte* change);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int epoll, byte* events, int maxEvents, int milliseconds);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
