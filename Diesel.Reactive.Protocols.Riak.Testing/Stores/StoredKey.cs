using System.Buffers.Binary;
using Diesel.Reactive.Protocols.Riak.Messages;
using Google.Protobuf;

namespace Diesel.Reactive.Protocols.Riak.Testing;

/// <summary>A content, and when it was stored: its dot.</summary>
internal sealed record Dotted(ulong Dot, RpbContent Content);

/// <summary>What is under a key: contents none of which has overwritten another.</summary>
/// <remarks>Dotted version vectors of one server: its dots are counted over all keys, so a vector is the last dot that was seen, and what a key has beyond that was not.</remarks>
internal sealed class StoredKey
{
    private const int ClockLength = 12;
    private static ReadOnlySpan<byte> Mark => "dvv1"u8;

    /// <summary>In the order they were stored.</summary>
    public List<Dotted> Contents { get; } = [];

    /// <summary>The last dot there was.</summary>
    public ulong Last { get; private set; }

    /// <summary>When the last thing happened to it.</summary>
    public long Touched { get; private set; }

    public ByteString VClock
    {
        get
        {
            var clock = new byte[ClockLength];
            Mark.CopyTo(clock);
            BinaryPrimitives.WriteUInt64BigEndian(clock.AsSpan(Mark.Length), Last);
            return ByteString.CopyFrom(clock);
        }
    }

    public bool IsTombstone => Contents.All(static one => one.Content.Deleted);

    /// <summary>What a vclock has seen.</summary>
    /// <exception cref="RiakErrorException">It is none of this server's.</exception>
    public static ulong Seen(ByteString vclock) => vclock.Length == ClockLength && vclock.Span.StartsWith(Mark)
        ? BinaryPrimitives.ReadUInt64BigEndian(vclock.Span[Mark.Length..])
        : throw new RiakErrorException("{bad_vclock}");

    /// <summary>Stores a content over those that were seen.</summary>
    public void Store(RpbContent content, ulong seen, ulong dot, bool keepsSiblings, long now)
    {
        Contents.RemoveAll(one => !keepsSiblings || one.Dot <= seen);
        Contents.Add(new(dot, content));
        (Last, Touched) = (dot, now);
    }
}
