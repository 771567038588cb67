using Diesel.Reactive.Protocols.Riak.Messages;
using Google.Protobuf;

namespace Diesel.Reactive.Protocols.Riak.Testing;

/// <summary>Counters and sets.</summary>
internal sealed class TypeAnswers(ServiceState state)
{
    public (RiakCode Code, IMessage Message) Answer(IMessage message) => message switch
    {
        DtFetchReq fetch => (RiakCode.FetchReply, Fetch(fetch)),
        DtUpdateReq update => (RiakCode.UpdateReply, Update(update)),
        RpbCounterUpdateReq count => (RiakCode.CounterUpdateReply, Count(count)),
        _ => (RiakCode.CounterGetReply, Counted((RpbCounterGetReq)message)),
    };

    private DtFetchResp Fetch(DtFetchReq request)
    {
        var bucket = state.Store.Bucket(request.Type, request.Bucket);
        var reply = new DtFetchResp { Type = KindOf(bucket) };
        if (!bucket.Types.TryGetValue(request.Key.ToBytes(), out var stored))
        {
            return reply;
        }

        reply.Value = new();
        if (reply.Type == DataTypeKind.KindCounter)
        {
            reply.Value.CounterValue = stored.Count;
            return reply;
        }

        (reply.Type == DataTypeKind.KindSet ? reply.Value.SetValue : reply.Value.GsetValue).AddRange(stored.Members.Keys.Select(static one => one.ToByteString()));
        if (request.IncludeContext && reply.Type == DataTypeKind.KindSet)
        {
            reply.Context = stored.Context;
        }

        return reply;
    }

    private DtUpdateResp Update(DtUpdateReq request)
    {
        var bucket = state.Store.Bucket(request.Type, request.Bucket);
        var kind = KindOf(bucket);
        var key = request.HasKey && !request.Key.IsEmpty ? request.Key.ToBytes() : (Bytes)$"key{state.Store.NextDot()}";
        var stored = bucket.Types.GetValueOrDefault(key) ?? new();
        Change(stored, kind, request);
        bucket.Types[key] = stored;
        var reply = new DtUpdateResp();
        if (!request.HasKey || request.Key.IsEmpty)
        {
            reply.Key = key.ToByteString();
        }

        if (!request.ReturnBody)
        {
            return reply;
        }

        switch (kind)
        {
            case DataTypeKind.KindCounter:
                reply.CounterValue = stored.Count;
                break;
            case DataTypeKind.KindSet:
                reply.SetValue.AddRange(stored.Members.Keys.Select(static one => one.ToByteString()));
                reply.Context = stored.Context;
                break;
            default:
                reply.GsetValue.AddRange(stored.Members.Keys.Select(static one => one.ToByteString()));
                break;
        }

        return reply;
    }

    private void Change(StoredType stored, DataTypeKind kind, DtUpdateReq request)
    {
        switch (kind, request.Op)
        {
            case (DataTypeKind.KindCounter, { CounterOp: { } count }):
                stored.Count += count.HasIncrement ? count.Increment : 1;
                break;
            case (DataTypeKind.KindSet, { SetOp: { } set }):
                Remove(stored, set, request);
                Add(stored, set.Adds);
                break;
            case (DataTypeKind.KindGset, { GsetOp: { } gset }):
                Add(stored, gset.Adds);
                break;
            default:
                throw new RiakErrorException("`undefined` is invalid for datatype: the operation is not one of the bucket's type.");
        }
    }

    private void Add(StoredType stored, IEnumerable<ByteString> members)
    {
        foreach (var member in members)
        {
            stored.Members[member.ToBytes()] = stored.Last = state.Store.NextDot();
        }
    }

    private static void Remove(StoredType stored, SetOp set, DtUpdateReq request)
    {
        var seen = request.HasContext && request.Context.Length == sizeof(ulong) ? BitConverter.ToUInt64(request.Context.Span) : ulong.MaxValue;
        foreach (var member in set.Removes.Select(static one => one.ToBytes()))
        {
            if (!stored.Members.TryGetValue(member, out var dot) && !request.HasContext)
            {
                throw new RiakErrorException($"{{precondition,{{not_present,<<\"{member}\">>}}}}");
            }

            if (dot <= seen)
            {
                stored.Members.Remove(member);
            }
        }
    }

    private RpbCounterUpdateResp Count(RpbCounterUpdateReq request)
    {
        var bucket = Legacy(request.Bucket);
        var (key, reply) = (request.Key.ToBytes(), new RpbCounterUpdateResp());
        var sum = bucket.Counters[key] = bucket.Counters.GetValueOrDefault(key) + request.Amount;
        if (request.Returnvalue)
        {
            reply.Value = sum;
        }

        return reply;
    }

    private RpbCounterGetResp Counted(RpbCounterGetReq request) => Legacy(request.Bucket).Counters.TryGetValue(request.Key.ToBytes(), out var sum) ? new() { Value = sum } : new();

    private StoredBucket Legacy(ByteString name) => state.Store.Bucket(ByteString.Empty, name) is { KeepsSiblings: true } bucket
        ? bucket
        : throw new RiakErrorException("\"Counters require bucket property 'allow_mult=true'\"");

    private static DataTypeKind KindOf(StoredBucket bucket) => bucket.Props.Datatype.ToStringUtf8() switch
    {
        "counter" => DataTypeKind.KindCounter,
        "set" => DataTypeKind.KindSet,
        "gset" => DataTypeKind.KindGset,
        var other => throw new RiakErrorException(other.Length == 0 ? "Bucket is not of a data type" : $"The server in memory knows no {other}."),
    };
}
