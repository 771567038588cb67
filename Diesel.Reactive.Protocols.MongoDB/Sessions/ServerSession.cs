using System.Security.Cryptography;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What a server knows a session by: one caller has it at a time.</summary>
internal sealed class ServerSession
{
    /// <summary>As commands say it: <c>{ id: UUID }</c>.</summary>
    public RawBson Id { get; } = RawBson.Of(new BsonDocument("id", new BsonBinaryData(NewUuid(), BsonBinarySubType.UuidStandard)));

    /// <summary>The number of the last transaction, or write that may be repeated.</summary>
    public long TransactionNumber { get; set; }

    /// <summary>When a command was last sent with it, in the hub's time.</summary>
    public TimeSpan LastUse { get; set; }

    /// <summary>Whether a command was lost that was sent with it: nobody uses it again.</summary>
    public bool IsDirty { get; set; }

    // RFC 9562, version 4.
    private static byte[] NewUuid()
    {
        var bytes = RandomNumberGenerator.GetBytes(16);
        (bytes[6], bytes[8]) = ((byte)((bytes[6] & 0x0f) | 0x40), (byte)((bytes[8] & 0x3f) | 0x80));
        return bytes;
    }
}
