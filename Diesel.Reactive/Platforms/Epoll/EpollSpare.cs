using System.Net;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive;

/// <summary>A descriptor kept for the moment when there is no other: with it, who waits at a listener can be accepted and reset
/// instead of being left waiting for ever.</summary>
/// <remarks>By system calls alone: without descriptors the runtime cannot even load what its own sockets would need now.</remarks>
internal sealed class EpollSpare : IDisposable
{
    // A handle, which is closed with the last who knows it: a listener whose hub has ended is not told.
    private SafeFileHandle _spare = New();

    /// <summary>Resets those who wait.</summary>
    /// <param name="listener">Where they wait: a listening descriptor.</param>
    /// <param name="local">Its endpoint.</param>
    /// <param name="most">How many at a time.</param>
    public void Refuse(int listener, EndPoint local, int most)
    {
        _spare.Dispose();
        for (var i = 0; i < most && Descriptors.Accept(listener, local, out _) is var refused and >= 0; i++)
        {
            Descriptors.ResetOnClose(refused);
            _ = Libc.Close(refused);
        }

        _spare = New();
    }

    public void Dispose() => _spare.Dispose();

    private static SafeFileHandle New() => new(Libc.EventDescriptor(0, Libc.CloseOnExec), ownsHandle: true);
}
