using System.Text;

namespace Diesel.Reactive;

/// <summary>One thing that happened on a hub, for a log: a message with its values apart.</summary>
/// <param name="Time">When, by the hub's clock.</param>
/// <param name="Level">How much it matters.</param>
/// <param name="Event">What kind of thing it is; the same for all records of the kind: <c>ConnectionOpened</c>.</param>
/// <param name="Template">The message with names in braces in place of the values, as <c>ILogger</c> has it.</param>
/// <param name="Values">What stands for the names, in their order; then what else is known.</param>
/// <param name="Exception">What was thrown; null: nothing was.</param>
public sealed record HubLogRecord(
    DateTimeOffset Time, HubLogLevel Level, string Event, string Template, IReadOnlyList<KeyValuePair<string, object?>> Values, Exception? Exception = null)
{
    /// <summary>The message with the values in their places, as one line.</summary>
    public string Message
    {
        get
        {
            var text = new StringBuilder();
            var rest = Template.AsSpan();
            while (rest.IndexOf('{') is >= 0 and var open && rest[open..].IndexOf('}') is > 0 and var length)
            {
                text.Append(rest[..open]).Append(TextOf(rest.Slice(open + 1, length - 1)));
                rest = rest[(open + length + 1)..];
            }

            return Label.OneLine(text.Append(rest).ToString());
        }
    }

    /// <summary>One line for a log: time, level, kind and message.</summary>
    public override string ToString() => $"{Time:yyyy-MM-dd HH:mm:ss.fff} {Level} {Event}: {Message}";

    private string TextOf(ReadOnlySpan<char> name)
    {
        foreach (var (key, value) in Values)
        {
            if (name.SequenceEqual(key))
            {
                return value is null ? "(null)" : Label.Of(value);
            }
        }

        return $"{{{name}}}";
    }
}
