using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Frozen;
using Diesel.Reactive.Protocols.Riak.Messages;
using Google.Protobuf;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>Messages and their bytes.</summary>
/// <remarks>Google.Protobuf lets messages through that lack a field that is required: it is looked for here.</remarks>
internal static class RiakCodec
{
    /// <summary>Bytes before a message: its length and its code.</summary>
    public const int HeaderLength = 5;

    /// <summary>Bytes of code and message at most.</summary>
    public const int MaxLength = 64 * 1024 * 1024;

    private static readonly FrozenDictionary<RiakCode, MessageParser> Parsers = new Dictionary<RiakCode, MessageParser>
    {
        [RiakCode.Error] = RpbErrorResp.Parser,
        [RiakCode.PingRequest] = RpbPingReq.Parser,
        [RiakCode.PingReply] = RpbPingResp.Parser,
        [RiakCode.GetClientIdRequest] = RpbGetClientIdReq.Parser,
        [RiakCode.GetClientIdReply] = RpbGetClientIdResp.Parser,
        [RiakCode.SetClientIdRequest] = RpbSetClientIdReq.Parser,
        [RiakCode.SetClientIdReply] = RpbSetClientIdResp.Parser,
        [RiakCode.ServerInfoRequest] = RpbGetServerInfoReq.Parser,
        [RiakCode.ServerInfoReply] = RpbGetServerInfoResp.Parser,
        [RiakCode.GetRequest] = RpbGetReq.Parser,
        [RiakCode.GetReply] = RpbGetResp.Parser,
        [RiakCode.PutRequest] = RpbPutReq.Parser,
        [RiakCode.PutReply] = RpbPutResp.Parser,
        [RiakCode.DeleteRequest] = RpbDelReq.Parser,
        [RiakCode.DeleteReply] = RpbDelResp.Parser,
        [RiakCode.ListBucketsRequest] = RpbListBucketsReq.Parser,
        [RiakCode.ListBucketsReply] = RpbListBucketsResp.Parser,
        [RiakCode.ListKeysRequest] = RpbListKeysReq.Parser,
        [RiakCode.ListKeysReply] = RpbListKeysResp.Parser,
        [RiakCode.GetBucketRequest] = RpbGetBucketReq.Parser,
        [RiakCode.GetBucketReply] = RpbGetBucketResp.Parser,
        [RiakCode.SetBucketRequest] = RpbSetBucketReq.Parser,
        [RiakCode.SetBucketReply] = RpbSetBucketResp.Parser,
        [RiakCode.MapReduceRequest] = RpbMapRedReq.Parser,
        [RiakCode.MapReduceReply] = RpbMapRedResp.Parser,
        [RiakCode.IndexRequest] = RpbIndexReq.Parser,
        [RiakCode.IndexReply] = RpbIndexResp.Parser,
        [RiakCode.ResetBucketRequest] = RpbResetBucketReq.Parser,
        [RiakCode.ResetBucketReply] = RpbResetBucketResp.Parser,
        [RiakCode.GetBucketTypeRequest] = RpbGetBucketTypeReq.Parser,
        [RiakCode.SetBucketTypeRequest] = RpbSetBucketTypeReq.Parser,
        [RiakCode.PreflistRequest] = RpbGetBucketKeyPreflistReq.Parser,
        [RiakCode.PreflistReply] = RpbGetBucketKeyPreflistResp.Parser,
        [RiakCode.CSBucketRequest] = RpbCSBucketReq.Parser,
        [RiakCode.CSBucketReply] = RpbCSBucketResp.Parser,
        [RiakCode.IndexBodyReply] = RpbIndexBodyResp.Parser,
        [RiakCode.CounterUpdateRequest] = RpbCounterUpdateReq.Parser,
        [RiakCode.CounterUpdateReply] = RpbCounterUpdateResp.Parser,
        [RiakCode.CounterGetRequest] = RpbCounterGetReq.Parser,
        [RiakCode.CounterGetReply] = RpbCounterGetResp.Parser,
        [RiakCode.CoverageRequest] = RpbCoverageReq.Parser,
        [RiakCode.CoverageReply] = RpbCoverageResp.Parser,
        [RiakCode.FetchRequest] = DtFetchReq.Parser,
        [RiakCode.FetchReply] = DtFetchResp.Parser,
        [RiakCode.UpdateRequest] = DtUpdateReq.Parser,
        [RiakCode.UpdateReply] = DtUpdateResp.Parser,
        [RiakCode.AuthRequest] = RpbAuthReq.Parser,
        [RiakCode.AuthReply] = RpbAuthResp.Parser,
        [RiakCode.StartTls] = RpbStartTls.Parser,
    }.ToFrozenDictionary();

    /// <summary>The codes there are.</summary>
    public static IEnumerable<RiakCode> Codes => Parsers.Keys;

    /// <exception cref="ProtocolException">There is no such code.</exception>
    public static void ThrowIfUnknown(byte code)
    {
        if (!Parsers.ContainsKey((RiakCode)code))
        {
            throw new ProtocolException($"A frame came with the code {code}, which is not known.");
        }
    }

    /// <summary>Writes a message with its header.</summary>
    /// <exception cref="ArgumentException">It is larger than a frame may be.</exception>
    public static void Write(RiakCode code, IMessage message, IBufferWriter<byte> output)
    {
        var length = message.CalculateSize();
        if (length >= MaxLength)
        {
            throw new ArgumentException($"A message of {length} bytes was to be sent: Riak takes less than {MaxLength}.");
        }

        var room = output.GetSpan(HeaderLength + length)[..(HeaderLength + length)];
        BinaryPrimitives.WriteUInt32BigEndian(room, (uint)length + 1);
        room[HeaderLength - 1] = (byte)code;
        message.WriteTo(room[HeaderLength..]);
        output.Advance(room.Length);
    }

    /// <summary>Reads a frame's message.</summary>
    /// <exception cref="ProtocolException">It is none, or lacks something.</exception>
    public static IMessage Parse(RiakFrame frame) => Parse(frame, Parsers[frame.Code]);

    /// <summary>Reads a frame's message, which is of this kind.</summary>
    /// <exception cref="ProtocolException">It is none, or lacks something.</exception>
    public static T Parse<T>(RiakFrame frame)
        where T : class, IMessage<T>, new() => Parsers[frame.Code] is MessageParser<T> parser
        ? (T)Parse(frame, parser)
        : throw new ProtocolException($"A reply came that answers something else: {frame.Code}.");

    private static IMessage Parse(RiakFrame frame, MessageParser parser)
    {
        IMessage message;
        try
        {
            message = parser.ParseFrom(frame.Body.Span);
        }
        catch (InvalidProtocolBufferException wrong)
        {
            throw new ProtocolException($"The message of a frame ({frame.Code}) cannot be read: {wrong.Message}", wrong);
        }

        return message.IsInitialized() ? message : throw new ProtocolException(
            $"The message of a frame ({frame.Code}) lacks a field that is required: {Missing(message)}.");
    }

    private static string? Missing(IMessage message)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.IsRequired && !field.Accessor.HasValue(message))
            {
                return $"{message.Descriptor.Name}.{field.Name}";
            }

            if (field.FieldType != Google.Protobuf.Reflection.FieldType.Message)
            {
                continue;
            }

            var within = field.Accessor.GetValue(message) switch
            {
                IMessage one => [one],
                System.Collections.IList many => many.Cast<IMessage>(),
                _ => [],
            };
            if (within.Select(Missing).FirstOrDefault(static name => name is not null) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
