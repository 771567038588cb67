namespace Diesel.Reactive.Protocols.Redis;

/// <summary>An entry of a stream.</summary>
/// <param name="Id">Where it stands.</param>
/// <param name="Fields">Names and values in the order they were added; empty for one that was deleted while it was pending.</param>
public readonly record struct StreamEntry(StreamId Id, IReadOnlyList<KeyValuePair<Bytes, Bytes>> Fields)
{
    /// <summary>The first value of a name; null: there is none.</summary>
    /// <param name="name">Which.</param>
    public Bytes? this[Bytes name]
    {
        get
        {
            foreach (var field in Fields ?? [])
            {
                if (field.Key == name)
                {
                    return field.Value;
                }
            }

            return null;
        }
    }

    /// <summary>The id and the fields.</summary>
    public override string ToString() => $"{Id} {{{string.Join(", ", (Fields ?? []).Select(static field => $"{field.Key}: {field.Value}"))}}}";

    // [id, [name, value, …]], the second null when it was deleted.
    internal static StreamEntry Read(RespValue value) => value.ToItems() is [var id, var fields]
        ? new(StreamId.Read(id), fields.IsNull ? [] : Reply.Pairs(fields))
        : throw new ProtocolException("A reply arrived that is no entry of a stream.");
}
