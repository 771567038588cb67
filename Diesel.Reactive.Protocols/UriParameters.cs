using System.Collections;

namespace Diesel.Reactive.Protocols;

/// <summary>What may stand behind the question mark of a connection string, and which options it sets.</summary>
/// <typeparam name="TOptions">The options.</typeparam>
/// <remarks>Made with a collection initializer, one line for each.</remarks>
public sealed class UriParameters<TOptions> : IEnumerable<string>
{
    private readonly List<(string Key, Func<TOptions, string, TOptions> Read, Func<TOptions, string?> Write)> _known = [];

    /// <summary>Adds one.</summary>
    /// <param name="key">As it is written.</param>
    /// <param name="read">Sets it; throws <see cref="FormatException"/> or <see cref="ArgumentException"/> for what it cannot be.</param>
    /// <param name="write">Its text; null: there is nothing to write.</param>
    public void Add(string key, Func<TOptions, string, TOptions> read, Func<TOptions, string?> write) => _known.Add((key, read, write));

    /// <summary>Sets options as a connection string says.</summary>
    /// <param name="uri">The string.</param>
    /// <param name="options">Where to begin.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="uri"/> is null.</exception>
    /// <exception cref="ArgumentException">A parameter is unknown (the nearest one is named), is there twice, or cannot be what it is said to
    /// be.</exception>
    public TOptions Read(ConnectionUri uri, TOptions options)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in uri.Parameters)
        {
            if (_known.Find(one => one.Key == key) is not { Key: not null } known)
            {
                throw new ArgumentException($"'{key}' is no parameter of a {uri.Scheme} connection string. Is '{Nearest(key)}' meant? There are: {string.Join(", ", this)}.");
            }

            options = seen.Add(key) ? Read(known.Read, options, key, value) : throw new ArgumentException($"The connection string has '{key}' twice.");
        }

        return options;
    }

    /// <summary>What a connection string with these options has behind its question mark.</summary>
    /// <param name="options">The options.</param>
    /// <returns>Keys and values, in the order of these.</returns>
    public IReadOnlyList<KeyValuePair<string, string>> Write(TOptions options) =>
        [.. from one in _known let value = one.Write(options) where value is not null select KeyValuePair.Create(one.Key, value)];

    /// <summary>The keys.</summary>
    /// <returns>In the order they were added.</returns>
    public IEnumerator<string> GetEnumerator() => _known.Select(one => one.Key).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static TOptions Read(Func<TOptions, string, TOptions> read, TOptions options, string key, string value)
    {
        try
        {
            return read(options, value);
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException or ArgumentException)
        {
            throw ConnectionUri.IsSecret(key)
                ? new ArgumentException($"'{key}' of the connection string cannot be that.")
                : new ArgumentException($"'{key}' of the connection string cannot be '{value}': {wrong.Message}", wrong);
        }
    }

    private string? Nearest(string key) => this.MinBy(known => Distance(key, known));

    // Levenshtein's: the fewest letters to add, leave out or change.
    private static int Distance(string one, string other)
    {
        var costs = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 0; i < one.Length; i++)
        {
            var diagonal = costs[0]++;
            for (var j = 0; j < other.Length; j++)
            {
                var change = diagonal + (one[i] == other[j] ? 0 : 1);
                diagonal = costs[j + 1];
                costs[j + 1] = Math.Min(change, Math.Min(diagonal, costs[j]) + 1);
            }
        }

        return costs[^1];
    }
}
