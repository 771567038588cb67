using Diesel.Reactive.Protocols.Riak.Messages;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>Between data types and their messages.</summary>
internal static class DataTypeMessages
{
    /// <summary>How many maps may be within each other.</summary>
    public const int MaxDepth = 16;

    public static DataTypeReply Of(DtFetchResp reply) => new(reply.Value is { } value ? Value(reply.Type, value) : null, reply.Context.If(reply.HasContext));

    /// <summary>Of a reply to an update, which tells the value by the field that is there.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="asked">What was asked for: an empty set is no field at all.</param>
    public static DataTypeReply Of(DtUpdateResp reply, DataTypeUpdate asked)
    {
        DataType? value = asked switch
        {
            CounterUpdate => reply.HasCounterValue ? new CounterValue(reply.CounterValue) : null,
            SetUpdate => new SetValue(reply.SetValue.ToList()),
            GSetUpdate => new GSetValue(reply.GsetValue.ToList()),
            HllUpdate => reply.HasHllValue ? new HllValue(reply.HllValue) : null,
            _ => Map(reply.MapValue, 1),
        };
        return new(value, reply.Context.If(reply.HasContext), reply.Key.If(reply.HasKey));
    }

    public static DtOp Of(DataTypeUpdate update) => update switch
    {
        CounterUpdate counter => new() { CounterOp = Of(counter) },
        SetUpdate set => new() { SetOp = Of(set) },
        GSetUpdate gset => new() { GsetOp = Filled(new GSetOp(), gset.Adds, static op => op.Adds) },
        HllUpdate hll => new() { HllOp = Filled(new HllOp(), hll.Adds, static op => op.Adds) },
        _ => new() { MapOp = Of((Riak.MapUpdate)update) },
    };

    private static DataType Value(DataTypeKind kind, DtValue value) => kind switch
    {
        DataTypeKind.KindCounter => new CounterValue(value.CounterValue),
        DataTypeKind.KindSet => new SetValue(value.SetValue.ToList()),
        DataTypeKind.KindGset => new GSetValue(value.GsetValue.ToList()),
        DataTypeKind.KindHll => new HllValue(value.HllValue),
        DataTypeKind.KindMap => Map(value.MapValue, 1),
        _ => throw new ProtocolException($"A data type came that is not known: {(int)kind}."),
    };

    private static MapValue Map(IEnumerable<MapEntry> entries, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new ProtocolException($"A map came with more than {MaxDepth} maps within each other.");
        }

        var (counters, sets, registers) = (new Dictionary<Bytes, long>(), new Dictionary<Bytes, IReadOnlyList<Bytes>>(), new Dictionary<Bytes, Bytes>());
        var (flags, maps) = (new Dictionary<Bytes, bool>(), new Dictionary<Bytes, MapValue>());
        foreach (var entry in entries)
        {
            var name = entry.Field.Name.ToBytes();
            switch (entry.Field.Type)
            {
                case MapFieldType.Counter:
                    counters[name] = entry.CounterValue;
                    break;
                case MapFieldType.Set:
                    sets[name] = entry.SetValue.ToList();
                    break;
                case MapFieldType.Register:
                    registers[name] = entry.RegisterValue.ToBytes();
                    break;
                case MapFieldType.Flag:
                    flags[name] = entry.FlagValue;
                    break;
                default:
                    maps[name] = Map(entry.MapValue, depth + 1);
                    break;
            }
        }

        return new() { Counters = counters, Sets = sets, Registers = registers, Flags = flags, Maps = maps };
    }

    private static CounterOp Of(CounterUpdate counter) => new() { Increment = counter.Increment };

    private static SetOp Of(SetUpdate set)
    {
        var op = new SetOp();
        op.Adds.AddRange(set.Adds.Select(static one => one.ToByteString()));
        op.Removes.AddRange(set.Removals.Select(static one => one.ToByteString()));
        return op;
    }

    private static MapOp Of(Riak.MapUpdate map)
    {
        var op = new MapOp();
        op.Removes.AddRange(map.Removals.Select(static one => Field(one.Kind, one.Name)));
        foreach (var (kind, name, change) in map.Changes)
        {
            var update = new Messages.MapUpdate { Field = Field(kind, name) };
            switch (change)
            {
                case CounterUpdate counter:
                    update.CounterOp = Of(counter);
                    break;
                case SetUpdate set:
                    update.SetOp = Of(set);
                    break;
                case Bytes register:
                    update.RegisterOp = register.ToByteString();
                    break;
                case bool isSet:
                    update.FlagOp = isSet ? FlagOp.Enable : FlagOp.Disable;
                    break;
                default:
                    update.MapOp = Of((Riak.MapUpdate)change);
                    break;
            }

            op.Updates.Add(update);
        }

        return op;
    }

    private static MapField Field(MapKind kind, Bytes name) => new() { Type = (MapFieldType)kind, Name = name.ToByteString() };

    private static T Filled<T>(T op, IEnumerable<Bytes> adds, Func<T, RepeatedField<ByteString>> to)
    {
        to(op).AddRange(adds.Select(static one => one.ToByteString()));
        return op;
    }
}
