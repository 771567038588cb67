using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Cookies for who asks: by them a server knows again whom it has answered (RFC 7873; the form is RFC 9018's, with a hash of our own).</summary>
internal sealed class CookieMint(TimeProvider clock)
{
    private const int Client = 8;
    private const int Whole = 24;
    private static readonly TimeSpan Valid = TimeSpan.FromHours(1);
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    // Of 32 bits, which go round (RFC 9018, section 4.3).
    private uint Now => unchecked((uint)clock.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>Whether it is a cookie at all.</summary>
    public static bool IsCookie(ReadOnlySpan<byte> cookie) => cookie.Length is Client or (>= 16 and <= 40);

    /// <summary>A cookie to send back.</summary>
    /// <param name="cookie">What came.</param>
    /// <param name="asker">From where.</param>
    public byte[] Give(ReadOnlySpan<byte> cookie, IPAddress asker) => Make(cookie[..Client], asker, Now);

    /// <summary>Whether a cookie was given to that asker, not too long ago.</summary>
    public bool Knows(ReadOnlySpan<byte> cookie, IPAddress asker)
    {
        if (cookie.Length != Whole)
        {
            return false;
        }

        var given = BinaryPrimitives.ReadUInt32BigEndian(cookie[12..]);
        var age = TimeSpan.FromSeconds(unchecked((int)(Now - given)));
        return age <= Valid && age >= -Ahead && CryptographicOperations.FixedTimeEquals(cookie, Make(cookie[..Client], asker, given));
    }

    private byte[] Make(ReadOnlySpan<byte> client, IPAddress asker, uint time)
    {
        var cookie = new byte[Whole];
        client.CopyTo(cookie);
        cookie[Client] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(cookie.AsSpan(12), time);
        HMACSHA256.HashData(_secret, (byte[])[.. cookie.AsSpan(0, 16), .. asker.GetAddressBytes()]).AsSpan(0, 8).CopyTo(cookie.AsSpan(16));
        return cookie;
    }
}
