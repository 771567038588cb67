using System.Net;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What one server is asked as a part of a command.</summary>
/// <param name="Command">What.</param>
/// <param name="Slot">Of whoever has it; null: of <paramref name="Server"/>.</param>
/// <param name="Server">Of this one; null: of any.</param>
internal readonly record struct Leg(IRedisCommand Command, int? Slot, EndPoint? Server = null);

/// <summary>How a command is asked for in a cluster: of whom, and what all the replies mean.</summary>
/// <param name="Legs">Perhaps none, when it cannot be asked.</param>
/// <param name="Merge">Makes one reply of those to the legs; errors are replies.</param>
internal sealed record ClusterPlan(IReadOnlyList<Leg> Legs, Func<RespValue[], RespValue> Merge)
{
    /// <summary>Plans a command.</summary>
    /// <param name="command">Which.</param>
    /// <param name="map">Who has what.</param>
    /// <param name="hasSlots">Whether keys are in slots; else they are all in one place.</param>
    /// <param name="splitsMSet">Whether a write of several keys may be several.</param>
    public static ClusterPlan Of(IRedisCommand command, ClusterMap map, bool hasSlots, bool splitsMSet)
    {
        var keys = CommandKeys.Of(command);
        if (SlotOf(command, keys, hasSlots) is { } slot)
        {
            return new([new Leg(command, slot)], KeylessCommands.First);
        }

        return keys.Length > 0 ? KeySplit.Of(command, splitsMSet) ?? new([], _ => Resp.Error(CrossSlot(command).Message))
            : KeylessCommands.IsScan(command) ? ClusterScan.Plan(command, map)
            : KeylessCommands.MergeOf(command) is { } merge ? new([.. map.Owners.Select(shard => new Leg(command, null, shard.Primary))], merge)
            : new([new Leg(command, null)], KeylessCommands.First);
    }

    /// <summary>The one slot of a command's keys; what is published has a slot as well, so that it stays in order.</summary>
    /// <returns>Null: it has no keys, or they are in several.</returns>
    public static int? SlotOf(IRedisCommand command, Bytes[] keys, bool hasSlots)
    {
        if (keys.Length == 0)
        {
            return command.Name.Equals("PUBLISH", StringComparison.OrdinalIgnoreCase) && command.Arguments.Any() ? KeySlot.Of(command.Arguments.First().Span) : null;
        }

        var slot = KeySlot.Of(keys[0].Span);
        return !hasSlots || Array.TrueForAll(keys, key => KeySlot.Of(key.Span) == slot) ? slot : null;
    }

    /// <summary>The one slot of the keys of several commands, which may have none.</summary>
    /// <returns>False: there are several.</returns>
    public static bool SlotOf(IReadOnlyList<IRedisCommand> commands, bool hasSlots, out int slot)
    {
        slot = 0;
        int? first = null;
        foreach (var key in commands.SelectMany(CommandKeys.Of))
        {
            slot = KeySlot.Of(key.Span);
            first ??= slot;
            if (hasSlots && slot != first)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The error of what has keys in several slots.</summary>
    public static RedisErrorException CrossSlot(object what) => new(
        $"CROSSSLOT Keys in request don't hash to the same slot. It was not sent: in a cluster, all keys of {what} have to be in one slot, as those are that have the same in braces: {{user:7}}:name, {{user:7}}:age.");
}
