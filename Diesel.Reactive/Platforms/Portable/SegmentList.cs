using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>Segments in the form in which .NET's sockets take several at once. One list serves all sockets of a hub.</summary>
internal sealed class SegmentList
{
    private readonly List<ArraySegment<byte>> _arrays = [];

    /// <summary>Sends as many as fit now; where memory comes that is no array, at most those before it.</summary>
    /// <param name="socket">Non-blocking.</param>
    /// <param name="segments">In this order; none is empty.</param>
    /// <param name="rest">What was not taken of the first segment that was not taken whole; empty: all were.</param>
    /// <param name="error">The connection's failure; a full kernel is none.</param>
    /// <returns>How many bytes were taken.</returns>
    public int Send(Socket socket, ReadOnlySpan<ReadOnlyMemory<byte>> segments, out ReadOnlySpan<byte> rest, out SocketError error)
    {
        foreach (var segment in segments)
        {
            if (!MemoryMarshal.TryGetArray(segment, out var array))
            {
                break;
            }

            _arrays.Add(array);
        }

        if (_arrays.Count == 0)
        {
            return socket.SendNow(segments[0].Span, out rest, out error);
        }

        var taken = SystemSockets.Taken(socket.Send(_arrays, SocketFlags.None, out error), ref error);
        _arrays.Clear();
        rest = Rest(segments, taken);
        return taken;
    }

    private static ReadOnlySpan<byte> Rest(ReadOnlySpan<ReadOnlyMemory<byte>> segments, int taken)
    {
        foreach (var segment in segments)
        {
            if (taken < segment.Length)
            {
                return segment.Span[taken..];
            }

            taken -= segment.Length;
        }

        return default;
    }
}
