using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive;

/// <summary>Hands bytes to a socket until it has all, or takes no more.</summary>
/// <remarks>Each call returns how many were taken, and in <c>errno</c> why not all were; 0: all were.</remarks>
internal static unsafe class SocketSends
{
    private const int MostSegments = 64;

    public static int Send(int socket, ReadOnlySpan<byte> bytes, out int errno)
    {
        errno = 0;
        var taken = 0;
        fixed (byte* start = bytes)
        {
            while (taken < bytes.Length)
            {
                var sent = Libc.Send(socket, start + taken, bytes.Length - taken, Libc.NoSignal);
                if (sent >= 0)
                {
                    taken += (int)sent;
                }
                else if (Libc.LastError is not Libc.EINTR and var error)
                {
                    errno = error;
                    break;
                }
            }
        }

        return taken;
    }

    /// <summary>At most 64 segments at a time are one call of the system.</summary>
    public static int Send(int socket, ReadOnlySpan<ReadOnlyMemory<byte>> segments, out int errno)
    {
        var taken = 0;
        do
        {
            var some = segments[..Math.Min(segments.Length, MostSegments)];
            segments = segments[some.Length..];
            taken += SendPinned(socket, some, out errno);
        }
        while (errno == 0 && !segments.IsEmpty);

        return taken;
    }

    /// <summary>Part of a file.</summary>
    /// <param name="socket">Where it goes.</param>
    /// <param name="file">Open, and held so.</param>
    /// <param name="offset">In bytes, from the file's beginning.</param>
    /// <param name="count">How many bytes.</param>
    /// <param name="errno">As of the others; of the file's failures <see cref="Libc.EINVAL"/>: it ended, or the system cannot.</param>
    public static long SendFile(int socket, SafeFileHandle file, long offset, long count, out int errno)
    {
        errno = 0;
        var end = offset + count;
        var at = offset;
        while (at < end)
        {
            var sent = Libc.SendFile(socket, (int)file.DangerousGetHandle(), &at, (nint)(end - at));
            if (sent == 0)
            {
                errno = Libc.EINVAL;
                break;
            }

            if (sent < 0 && Libc.LastError is not Libc.EINTR and var error)
            {
                errno = error;
                break;
            }
        }

        return at - offset;
    }

    private static int SendPinned(int socket, ReadOnlySpan<ReadOnlyMemory<byte>> segments, out int errno)
    {
        var pins = default(Pins);
        var vectors = stackalloc Libc.Vector[segments.Length];
        try
        {
            for (var i = 0; i < segments.Length; i++)
            {
                pins[i] = segments[i].Pin();
                vectors[i] = new Libc.Vector { Start = pins[i].Pointer, Length = segments[i].Length };
            }

            return SendAll(socket, vectors, segments.Length, out errno);
        }
        finally
        {
            for (var i = 0; i < segments.Length; i++)
            {
                pins[i].Dispose();
            }
        }
    }

    private static int SendAll(int socket, Libc.Vector* vectors, int count, out int errno)
    {
        errno = 0;
        var taken = 0;
        while (count > 0)
        {
            var message = new Libc.Message { Vectors = vectors, VectorCount = count };
            var sent = Libc.SendMessage(socket, &message, Libc.NoSignal);
            if (sent < 0 && Libc.LastError is not Libc.EINTR and var error)
            {
                errno = error;
                break;
            }

            taken += (int)Math.Max(sent, 0);
            for (sent = Math.Max(sent, 0); count > 0 && sent >= vectors->Length; count--)
            {
                sent -= (vectors++)->Length;
            }

            if (count > 0)
            {
                vectors->Start = (byte*)vectors->Start + sent;
                vectors->Length -= sent;
            }
        }

        return taken;
    }

    [System.Runtime.CompilerServices.InlineArray(MostSegments)]
    private struct Pins
    {
        private MemoryHandle _first;
    }
}
