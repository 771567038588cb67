using Diesel.Reactive.Protocols.Riak.Messages;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>Reads objects where they lie: <c>RpbGetResp</c> and <c>RpbPutResp</c>, which are read most. What it makes of a message is what Google.Protobuf does.</summary>
internal static class ObjectReader
{
    /// <summary>Of a reply to a get or a put.</summary>
    /// <exception cref="ProtocolException">It is none, or lacks something.</exception>
    public static RiakObject Read(RiakFrame frame)
    {
        var isPut = frame.Code == RiakCode.PutReply;
        var reader = new WireReader(frame.Body);
        var (first, more) = (default(RiakContent), default(List<RiakContent>));
        var (vclock, key, isUnchanged) = (default(Bytes?), default(Bytes?), false);
        while (reader.TryReadTag(out var field, out var type))
        {
            switch (field, type)
            {
                case (RpbGetResp.ContentFieldNumber, WireReader.Length):
                    var content = Content(reader.ReadBytes());
                    if (first is null)
                    {
                        first = content;
                    }
                    else
                    {
                        (more ??= [first]).Add(content);
                    }

                    break;
                case (RpbGetResp.VclockFieldNumber, WireReader.Length):
                    vclock = new Bytes(reader.ReadBytes());
                    break;
                case (RpbPutResp.KeyFieldNumber, WireReader.Length) when isPut:
                    key = new Bytes(reader.ReadBytes());
                    break;
                case (RpbGetResp.UnchangedFieldNumber, WireReader.Number) when !isPut:
                    isUnchanged = reader.ReadVarint() != 0;
                    break;
                default:
                    reader.Skip(field, type);
                    break;
            }
        }

        return new(more ?? (first is null ? (IReadOnlyList<RiakContent>)[] : [first]), vclock, key, isUnchanged);
    }

    private static RiakContent Content(ReadOnlyMemory<byte> message)
    {
        var reader = new WireReader(message);
        var (value, vtag, deleted) = (default(Bytes?), default(Bytes?), default(bool?));
        var (contentType, charset, encoding) = (default(string), default(string), default(string));
        var (seconds, micros) = (default(uint?), 0u);
        List<RiakLink>? links = null;
        List<KeyValuePair<Bytes, Bytes?>>? metadata = null, indexes = null;
        while (reader.TryReadTag(out var field, out var type))
        {
            switch (field, type)
            {
                case (RpbContent.ValueFieldNumber, WireReader.Length):
                    value = new Bytes(reader.ReadBytes());
                    break;
                case (RpbContent.ContentTypeFieldNumber, WireReader.Length):
                    contentType = Text(reader.ReadBytes());
                    break;
                case (RpbContent.CharsetFieldNumber, WireReader.Length):
                    charset = Text(reader.ReadBytes());
                    break;
                case (RpbContent.ContentEncodingFieldNumber, WireReader.Length):
                    encoding = Text(reader.ReadBytes());
                    break;
                case (RpbContent.VtagFieldNumber, WireReader.Length):
                    vtag = new Bytes(reader.ReadBytes());
                    break;
                case (RpbContent.LinksFieldNumber, WireReader.Length):
                    (links ??= []).Add(Link(reader.ReadBytes()));
                    break;
                case (RpbContent.LastModFieldNumber, WireReader.Number):
                    seconds = (uint)reader.ReadVarint();
                    break;
                case (RpbContent.LastModUsecsFieldNumber, WireReader.Number):
                    micros = (uint)reader.ReadVarint();
                    break;
                case (RpbContent.UsermetaFieldNumber, WireReader.Length):
                    (metadata ??= []).Add(Pair(reader.ReadBytes()));
                    break;
                case (RpbContent.IndexesFieldNumber, WireReader.Length):
                    (indexes ??= []).Add(Pair(reader.ReadBytes()));
                    break;
                case (RpbContent.DeletedFieldNumber, WireReader.Number):
                    deleted = reader.ReadVarint() != 0;
                    break;
                default:
                    reader.Skip(field, type);
                    break;
            }
        }

        return new(value ?? throw WireReader.Wrong("lacks a field that is required: RpbContent.value"))
        {
            ContentType = contentType, Charset = charset, ContentEncoding = encoding, VTag = vtag, IsDeleted = deleted,
            LastModified = seconds is { } since ? DateTimeOffset.FromUnixTimeSeconds(since).AddTicks(micros * TimeSpan.TicksPerMicrosecond) : null,
            Links = links ?? (IReadOnlyList<RiakLink>)[], Metadata = metadata ?? (IReadOnlyList<KeyValuePair<Bytes, Bytes?>>)[],
            Indexes = indexes ?? (IReadOnlyList<KeyValuePair<Bytes, Bytes?>>)[],
        };
    }

    private static KeyValuePair<Bytes, Bytes?> Pair(ReadOnlyMemory<byte> message)
    {
        var reader = new WireReader(message);
        var (key, value) = (default(Bytes?), default(Bytes?));
        while (reader.TryReadTag(out var field, out var type))
        {
            switch (field, type)
            {
                case (RpbPair.KeyFieldNumber, WireReader.Length):
                    key = new Bytes(reader.ReadBytes());
                    break;
                case (RpbPair.ValueFieldNumber, WireReader.Length):
                    value = new Bytes(reader.ReadBytes());
                    break;
                default:
                    reader.Skip(field, type);
                    break;
            }
        }

        return new(key ?? throw WireReader.Wrong("lacks a field that is required: RpbPair.key"), value);
    }

    private static RiakLink Link(ReadOnlyMemory<byte> message)
    {
        var reader = new WireReader(message);
        var (bucket, key, tag) = (default(Bytes?), default(Bytes?), default(Bytes?));
        while (reader.TryReadTag(out var field, out var type))
        {
            switch (field, type)
            {
                case (RpbLink.BucketFieldNumber, WireReader.Length):
                    bucket = new Bytes(reader.ReadBytes());
                    break;
                case (RpbLink.KeyFieldNumber, WireReader.Length):
                    key = new Bytes(reader.ReadBytes());
                    break;
                case (RpbLink.TagFieldNumber, WireReader.Length):
                    tag = new Bytes(reader.ReadBytes());
                    break;
                default:
                    reader.Skip(field, type);
                    break;
            }
        }

        return new(bucket, key, tag);
    }

    // There are few of them, and the same again and again.
    private static string Text(ReadOnlyMemory<byte> bytes) => bytes.Span switch
    {
        var text when text.SequenceEqual("application/json"u8) => "application/json",
        var text when text.SequenceEqual("application/octet-stream"u8) => "application/octet-stream",
        var text when text.SequenceEqual("text/plain"u8) => "text/plain",
        var text when text.SequenceEqual("utf-8"u8) => "utf-8",
        _ => new Bytes(bytes).ToText(),
    };
}
