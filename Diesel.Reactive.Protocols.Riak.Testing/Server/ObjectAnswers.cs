using System.Security.Cryptography;
using Diesel.Reactive.Protocols.Riak.Messages;
using Google.Protobuf;

namespace Diesel.Reactive.Protocols.Riak.Testing;

/// <summary>Objects: read, stored, deleted.</summary>
internal sealed class ObjectAnswers(ServiceState state, TimeProvider clock)
{
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public RpbGetResp Get(RpbGetReq request)
    {
        var bucket = state.Store.Bucket(request.Type, request.Bucket);
        Check(bucket, request.HasR ? request.R : 0, request.HasPr ? request.Pr : 0, request.HasNodeConfirms ? request.NodeConfirms : 0);
        var reply = new RpbGetResp();
        if (Found(bucket, request.Key.ToBytes()) is not { } stored)
        {
            return reply;
        }

        if (stored.IsTombstone)
        {
            if (request.Deletedvclock)
            {
                reply.Vclock = stored.VClock;
            }

            return reply;
        }

        if (request.HasIfModified && request.IfModified == stored.VClock)
        {
            reply.Unchanged = true;
            return reply;
        }

        reply.Content.AddRange(Shown(stored, request.Head));
        reply.Vclock = stored.VClock;
        return reply;
    }

    public RpbPutResp Put(RpbPutReq request)
    {
        var bucket = state.Store.Bucket(request.Type, request.Bucket);
        Check(bucket, request.HasW ? request.W : 0, request.HasPw ? request.Pw : 0, Math.Max(request.HasDw ? request.Dw : 0, request.HasNodeConfirms ? request.NodeConfirms : 0));
        var key = request.HasKey && !request.Key.IsEmpty ? request.Key.ToBytes() : RandomNumberGenerator.GetString(Letters, 27);
        var stored = Found(bucket, key);
        Check(request, stored is { IsTombstone: false } ? stored : null);
        bucket.Keys[key] = stored ??= new();
        var content = request.Content.Clone();
        if (!request.Asis)
        {
            Stamp(content);
        }

        stored.Store(content, request.HasVclock ? StoredKey.Seen(request.Vclock) : 0, state.Store.NextDot(), bucket.KeepsSiblings, clock.GetTimestamp());
        var reply = new RpbPutResp();
        if (!request.HasKey || request.Key.IsEmpty)
        {
            reply.Key = key.ToByteString();
        }

        if (request.ReturnBody || request.ReturnHead)
        {
            reply.Content.AddRange(Shown(stored, !request.ReturnBody));
            reply.Vclock = stored.VClock;
        }

        return reply;
    }

    public void Delete(RpbDelReq request)
    {
        var bucket = state.Store.Bucket(request.Type, request.Bucket);
        if (Found(bucket, request.Key.ToBytes()) is { IsTombstone: false } stored)
        {
            var tombstone = new RpbContent { Value = ByteString.Empty, Deleted = true };
            Stamp(tombstone);
            stored.Store(tombstone, request.HasVclock ? StoredKey.Seen(request.Vclock) : stored.Last, state.Store.NextDot(), bucket.KeepsSiblings, clock.GetTimestamp());
        }
    }

    private static void Check(RpbPutReq request, StoredKey? stored)
    {
        if (request.IfNoneMatch && stored is not null)
        {
            throw new RiakErrorException("match_found");
        }

        if (request.IfNotModified && (stored is null || !request.HasVclock || request.Vclock != stored.VClock))
        {
            throw new RiakErrorException(stored is null ? "notfound" : "modified");
        }
    }

    // The words are just below 2³².
    private static void Check(StoredBucket bucket, params ReadOnlySpan<uint> quorums)
    {
        foreach (var quorum in quorums)
        {
            if (quorum > 3 && quorum < 4294967291)
            {
                throw new RiakErrorException($"{{n_val_violation,{bucket.Props.NVal}}}");
            }
        }
    }

    private static IEnumerable<RpbContent> Shown(StoredKey stored, bool isHead) => stored.Contents.Select(one =>
    {
        if (!isHead)
        {
            return one.Content;
        }

        var head = one.Content.Clone();
        head.Value = ByteString.Empty;
        return head;
    });

    private StoredKey? Found(StoredBucket bucket, Bytes key)
    {
        if (bucket.Keys.TryGetValue(key, out var stored) && stored.IsTombstone && clock.GetElapsedTime(stored.Touched) > state.Options.TombstoneLife)
        {
            bucket.Keys.Remove(key);
            return null;
        }

        return stored;
    }

    private void Stamp(RpbContent content)
    {
        var now = clock.GetUtcNow();
        content.Vtag = RandomNumberGenerator.GetString(Letters, 22).ToByteString();
        content.LastMod = (uint)now.ToUnixTimeSeconds();
        content.LastModUsecs = (uint)(now.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond);
    }
}
