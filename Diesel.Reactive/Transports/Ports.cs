using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary>Checks of port arguments.</summary>
internal static class Ports
{
    public static void ThrowIfNone(int port, [CallerArgumentExpression(nameof(port))] string? name = null) => Check(port, 0, name);

    public static void ThrowIfNoPeer(int port, [CallerArgumentExpression(nameof(port))] string? name = null) => Check(port, 1, name);

    private static void Check(int port, int least, string? name)
    {
        if (port < least || port > 65535)
        {
            throw new ArgumentOutOfRangeException(name, port, $"A port is a number from {least} to 65535.");
        }
    }
}
