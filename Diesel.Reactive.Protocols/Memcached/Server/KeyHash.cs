using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>A hash of keys that nobody outside can foresee: whoever chooses keys cannot choose many of one hash.</summary>
/// <remarks>Eight bytes at a time, each folded in by a product of 128 bits with a secret, as wyhash and aHash do.</remarks>
internal sealed class KeyHash
{
    private readonly ulong _first;
    private readonly ulong _second;

    public KeyHash()
    {
        Span<byte> secret = stackalloc byte[2 * sizeof(ulong)];
        RandomNumberGenerator.Fill(secret);
        _first = BinaryPrimitives.ReadUInt64LittleEndian(secret);

        // An even factor would lose bits.
        _second = BinaryPrimitives.ReadUInt64LittleEndian(secret[sizeof(ulong)..]) | 1;
    }

    public uint Of(ReadOnlySpan<byte> key)
    {
        var hash = _first ^ (uint)key.Length;
        while (key.Length >= sizeof(ulong))
        {
            hash = Folded(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(key));
            key = key[sizeof(ulong)..];
        }

        var rest = 0ul;
        foreach (var each in key)
        {
            rest = (rest << 8) | each;
        }

        return (uint)Folded(Folded(hash ^ rest) ^ _first);
    }

    private ulong Folded(ulong word)
    {
        var high = Math.BigMul(word, _second, out var low);
        return high ^ low;
    }
}
