using Diesel.Reactive.Protocols.Riak.Messages;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>Between objects and their messages.</summary>
internal static class ObjectMessages
{
    public static RiakObject Of(RpbGetResp reply) => new(
        Contents(reply.Content), reply.Vclock.If(reply.HasVclock), IsUnchanged: reply.HasUnchanged && reply.Unchanged);

    public static RiakObject Of(RpbPutResp reply) => new(
        Contents(reply.Content), reply.Vclock.If(reply.HasVclock), reply.Key.If(reply.HasKey));

    public static RiakContent Of(RpbContent content) => new(content.Value.ToBytes())
    {
        ContentType = content.HasContentType ? content.ContentType.ToStringUtf8() : null,
        Charset = content.HasCharset ? content.Charset.ToStringUtf8() : null,
        ContentEncoding = content.HasContentEncoding ? content.ContentEncoding.ToStringUtf8() : null,
        VTag = content.Vtag.If(content.HasVtag),
        LastModified = content.HasLastMod
            ? DateTimeOffset.FromUnixTimeSeconds(content.LastMod).AddTicks(content.LastModUsecs * TimeSpan.TicksPerMicrosecond)
            : null,
        IsDeleted = content.HasDeleted ? content.Deleted : null,
        Links = content.Links.Count == 0 ? [] : [.. content.Links.Select(Of)],
        Metadata = Pairs(content.Usermeta),
        Indexes = Pairs(content.Indexes),
    };

    public static RpbContent Of(RiakContent content)
    {
        var message = new RpbContent { Value = content.Value.ToByteString() };
        Set(content.ContentType, message, static (to, text) => to.ContentType = text);
        Set(content.Charset, message, static (to, text) => to.Charset = text);
        Set(content.ContentEncoding, message, static (to, text) => to.ContentEncoding = text);
        if (content.LastModified is { } time)
        {
            message.LastMod = (uint)time.ToUnixTimeSeconds();
            message.LastModUsecs = (uint)(time.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond);
        }

        if (content.VTag is { } vtag)
        {
            message.Vtag = vtag.ToByteString();
        }

        if (content.IsDeleted is { } deleted)
        {
            message.Deleted = deleted;
        }

        message.Links.AddRange(content.Links.Select(Of));
        message.Usermeta.AddRange(content.Metadata.Select(Of));
        message.Indexes.AddRange(content.Indexes.Select(Of));
        return message;
    }

    public static KeyValuePair<Bytes, Bytes?> Of(RpbPair pair) => new(pair.Key.ToBytes(), pair.Value.If(pair.HasValue));

    private static RiakContent[] Contents(RepeatedField<RpbContent> contents) => contents.Count == 0 ? [] : [.. contents.Select(Of)];

    private static KeyValuePair<Bytes, Bytes?>[] Pairs(RepeatedField<RpbPair> pairs) => pairs.Count == 0 ? [] : [.. pairs.Select(Of)];

    private static RpbPair Of(KeyValuePair<Bytes, Bytes?> pair)
    {
        var message = new RpbPair { Key = pair.Key.ToByteString() };
        if (pair.Value is { } value)
        {
            message.Value = value.ToByteString();
        }

        return message;
    }

    private static RiakLink Of(RpbLink link) => new(
        link.Bucket.If(link.HasBucket), link.Key.If(link.HasKey), link.Tag.If(link.HasTag));

    private static RpbLink Of(RiakLink link)
    {
        var message = new RpbLink();
        if (link.Bucket is { } bucket)
        {
            message.Bucket = bucket.ToByteString();
        }

        if (link.Key is { } key)
        {
            message.Key = key.ToByteString();
        }

        if (link.Tag is { } tag)
        {
            message.Tag = tag.ToByteString();
        }

        return message;
    }

    private static void Set(string? text, RpbContent message, Action<RpbContent, ByteString> set)
    {
        if (text is not null)
        {
            set(message, text.ToByteString());
        }
    }
}
