using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>A descriptor kept for the moment when there is no other: with it, who waits at a listener can be accepted and reset
/// instead of being left waiting for ever.</summary>
internal sealed class SpareDescriptor : IDisposable
{
    private Socket? _spare = New();

    /// <summary>Resets those who wait.</summary>
    /// <param name="listener">Where they wait.</param>
    /// <param name="most">How many at a time.</param>
    public void Refuse(Socket listener, int most)
    {
        _spare?.Dispose();
        try
        {
            for (var i = 0; i < most && listener.Poll(0, SelectMode.SelectRead); i++)
            {
                using var refused = listener.Accept();
                refused.ResetOnClose();
            }
        }
        catch (SocketException)
        {
            // The peer is gone, or another thread was faster to take the descriptor: those who are left are refused next time.
        }
        finally
        {
            _spare = New();
        }
    }

    public void Dispose() => _spare?.Dispose();

    private static Socket? New()
    {
        try
        {
            return new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
