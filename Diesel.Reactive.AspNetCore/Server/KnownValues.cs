using System.Text;

namespace Diesel.Reactive.AspNetCore;

/// <summary>Strings of what fields said in the requests before: a client says mostly the same, and has no new ones made then. From any thread.</summary>
internal struct KnownValues
{
    private const int Most = 16;
    private const int MostOfValue = 256;

    // Who comes at the same time loses what another has noted, and nothing else.
    private Known?[]? _known;

    /// <summary>A value as text in UTF-8.</summary>
    /// <param name="name">Of its field: who asks again has the same string, as a rule.</param>
    /// <param name="value">As it came.</param>
    public string Of(string name, ReadOnlySpan<byte> value)
    {
        var all = _known ??= new Known?[Most];
        var at = 0;
        while (at < Most && all[at] is { } known)
        {
            if (!ReferenceEquals(known.Name, name))
            {
                at++;
            }
            else if (Ascii.Equals(value, known.Value))
            {
                return known.Value;
            }
            else
            {
                break;
            }
        }

        var text = Encoding.UTF8.GetString(value);
        if (at < Most && value.Length <= MostOfValue)
        {
            all[at] = new(name, text);
        }

        return text;
    }

    private sealed record Known(string Name, string Value);
}
