using System.Security.Cryptography;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Numbers that nobody can guess, a few at a time from the system: ids of queries (RFC 5452).</summary>
internal static class DnsChance
{
    [ThreadStatic]
    private static byte[]? _bytes;

    [ThreadStatic]
    private static int _left;

    public static ushort Id()
    {
        if (_left < 2)
        {
            _bytes ??= new byte[256];
            RandomNumberGenerator.Fill(_bytes);
            _left = _bytes.Length;
        }

        _left -= 2;
        return (ushort)((_bytes![_left] << 8) | _bytes[_left + 1]);
    }
}
