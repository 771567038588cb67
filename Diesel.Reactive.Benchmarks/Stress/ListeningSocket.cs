using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Benchmarks.Stress;

/// <summary>
/// Makes the buffers of a listening socket of this process small; what it accepts inherits them. The library has no option
/// for that, and without it a kernel takes megabytes before it refuses any.
/// </summary>
internal static class ListeningSocket
{
    const int SmallBuffer = 4 * 1024;
    const string Descriptors = "/proc/self/fd";

    /// <summary>False where descriptors cannot be listed: then nothing is narrowed.</summary>
    public static bool TryNarrow(IPEndPoint endPoint)
    {
        if (!Directory.Exists(Descriptors))
        {
            return false;
        }

        foreach (var descriptor in Sockets())
        {
            // Not owned: neither of the two closes it.
            using var handle = new SafeSocketHandle(descriptor, ownsHandle: false);
            using var socket = new Socket(handle);
            if (endPoint.Equals(socket.LocalEndPoint))
            {
                socket.SendBufferSize = SmallBuffer;
                socket.ReceiveBufferSize = SmallBuffer;
                return true;
            }
        }

        return false;
    }

    static IEnumerable<nint> Sockets() =>
        from file in Directory.GetFiles(Descriptors)
        where new FileInfo(file).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true
        select nint.Parse(Path.GetFileName(file), System.Globalization.CultureInfo.InvariantCulture);
}
