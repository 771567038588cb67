namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Commands of many keys that can be asked slot by slot: each of them means the same for its own keys.</summary>
internal static class KeySplit
{
    /// <summary>Splits a command.</summary>
    /// <returns>Null: it cannot be.</returns>
    public static ClusterPlan? Of(IRedisCommand command, bool splitsMSet) => command.Name.ToUpperInvariant() switch
    {
        "DEL" or "UNLINK" or "EXISTS" or "TOUCH" => Split(command, 1, static _ => KeylessCommands.Sum),
        "MSET" when splitsMSet && command.Arguments.Count() % 2 == 0 => Split(command, 2, static _ => KeylessCommands.First),
        "MGET" => Split(command, 1, static places => replies => InPlace(replies, places)),
        _ => null,
    };

    /// <param name="command">Which.</param>
    /// <param name="width">How many arguments belong to a key, itself included.</param>
    /// <param name="merge">By which places the keys of each part had among all.</param>
    private static ClusterPlan Split(IRedisCommand command, int width, Func<int[][], Func<RespValue[], RespValue>> merge)
    {
        Bytes[] arguments = [.. command.Arguments];
        var parts = Enumerable.Range(0, arguments.Length / width).GroupBy(place => KeySlot.Of(arguments[place * width].Span)).ToArray();
        return new(
            [.. parts.Select(part => new Leg(
                new RedisCommand<RespValue>(command.Name, Reply.Any, [.. part.SelectMany(place => arguments[(place * width)..((place * width) + width)])])
                {
                    IsReadOnly = command.IsRepeatable,
                    IsWrite = !command.MayAskReplica,
                },
                part.Key))],
            merge([.. parts.Select(static part => part.ToArray())]));
    }

    private static RespValue InPlace(RespValue[] replies, int[][] places)
    {
        var values = new RespValue[places.Sum(static part => part.Length)];
        for (var part = 0; part < replies.Length; part++)
        {
            if (replies[part].IsError)
            {
                return replies[part];
            }

            var items = replies[part].ToItems();
            if (items.Length != places[part].Length)
            {
                throw new ProtocolException($"{items.Length} values arrived for {places[part].Length} keys.");
            }

            for (var i = 0; i < items.Length; i++)
            {
                values[places[part][i]] = items[i];
            }
        }

        return Resp.Array(values);
    }
}
