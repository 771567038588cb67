using System.Collections.Concurrent;
using System.Text;

namespace Diesel.Reactive;

/// <summary>The names of an enumeration as attributes of telemetry spell them: <c>IdleTimeout</c> is <c>idle_timeout</c>.</summary>
internal static class SnakeCase
{
    private static readonly ConcurrentDictionary<Enum, string> Known = new();

    public static string Of(Enum value) => Known.GetOrAdd(value, static each => Of(each.ToString()));

    private static string Of(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
