namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Bob Jenkins' one-at-a-time hash, as libmemcached has it.</summary>
internal static class Jenkins
{
    public static uint OneAtATime(ReadOnlySpan<byte> bytes)
    {
        var hash = 0u;
        unchecked
        {
            foreach (var each in bytes)
            {
                // A char there has a sign.
                hash += (uint)(sbyte)each;
                hash += hash << 10;
                hash ^= hash >> 6;
            }

            hash += hash << 3;
            hash ^= hash >> 11;
            hash += hash << 15;
        }

        return hash;
    }
}
