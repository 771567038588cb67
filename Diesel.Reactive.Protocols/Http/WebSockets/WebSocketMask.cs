using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Masking (RFC 6455 §5.3): what a client sends looks to an old proxy like nothing that the page has chosen.</summary>
internal static class WebSocketMask
{
    private const int Kept = 64;

    // A key must not be guessed, and a system call for each would cost more than the frame.
    [ThreadStatic]
    private static uint[]? _keys;

    [ThreadStatic]
    private static int _left;

    /// <summary>A key nobody can guess.</summary>
    public static uint NewKey()
    {
        if (_left == 0)
        {
            _keys ??= new uint[Kept];
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(_keys.AsSpan()));
            _left = Kept;
        }

        return _keys![--_left];
    }

    /// <summary>The key as it is for the bytes behind so many.</summary>
    public static uint After(uint key, int count) => BitOperations.RotateRight(key, 8 * (count & 3));

    /// <summary>Masks, or unmasks.</summary>
    /// <param name="source">What is to be masked.</param>
    /// <param name="target">At least as long; may be the same bytes.</param>
    /// <param name="key">Its lowest byte is for the first.</param>
    public static void Apply(ReadOnlySpan<byte> source, Span<byte> target, uint key)
    {
        target = target[..source.Length];
        var at = 0;
        if (source.Length >= Vector<byte>.Count)
        {
            var keys = Vector.AsVectorByte(new Vector<uint>(key));
            for (; at <= source.Length - Vector<byte>.Count; at += Vector<byte>.Count)
            {
                (new Vector<byte>(source[at..]) ^ keys).CopyTo(target[at..]);
            }
        }

        for (; at < source.Length; at++)
        {
            target[at] = (byte)(source[at] ^ (key >> (8 * (at & 3))));
        }
    }
}
