using System.Text;

namespace Diesel.Reactive.Protocols;

/// <summary>A connection string in its parts, decoded: <c>scheme://user:password@host:port,host:port/path?key=value</c>.</summary>
/// <remarks>Source: RFC 3986 §3; several hosts, parted by commas, are the databases' own addition.</remarks>
public sealed class ConnectionUri
{
    private const string Mask = "***";

    private static readonly string[] SecretWords = ["pass", "secret", "token"];

    /// <summary>What is spoken, as <c>redis</c>.</summary>
    public required string Scheme { get; init; }

    /// <summary>Who connects; null: nobody was named.</summary>
    public string? User { get; init; }

    /// <summary>The secret; null: there is none.</summary>
    public string? Password { get; init; }

    /// <summary>The servers; may be empty.</summary>
    public IReadOnlyList<UriHost> Hosts { get; init; } = [];

    /// <summary>What follows the hosts, with its slash; empty: nothing.</summary>
    public string Path { get; init; } = "";

    /// <summary>What follows the question mark, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>Takes a connection string apart.</summary>
    /// <param name="text">A URI, or only its hosts.</param>
    /// <param name="scheme">What is spoken where only hosts are given.</param>
    /// <returns>The parts, percent-decoded.</returns>
    /// <exception cref="ArgumentException"><paramref name="text"/> is empty or no such string. The message shows nothing that could be a
    /// secret.</exception>
    public static ConnectionUri Parse(string text, string scheme)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return new ConnectionUriParser(text).Parse(scheme);
    }

    /// <summary>The string with its secrets: for another program, never for a log.</summary>
    /// <returns>A URI.</returns>
    public string ToSecretString() => Text(static secret => Uri.EscapeDataString(secret));

    /// <summary>The string, with <c>***</c> for its secrets.</summary>
    public override string ToString() => Text(static _ => Mask);

    /// <summary>Whether a parameter's value is not to be shown.</summary>
    internal static bool IsSecret(string key) =>
        SecretWords.Any(word => key.Contains(word, StringComparison.OrdinalIgnoreCase));

    private string Text(Func<string, string> shown)
    {
        var text = new StringBuilder($"{Scheme}://");
        if (User is not null || Password is not null)
        {
            text.Append(Uri.EscapeDataString(User ?? "")).Append(Password is null ? "" : $":{shown(Password)}").Append('@');
        }

        text.AppendJoin(',', Hosts).AppendJoin('/', Path.Split('/').Select(Uri.EscapeDataString));
        var mark = '?';
        foreach (var (key, value) in Parameters)
        {
            text.Append(mark).Append(Uri.EscapeDataString(key)).Append('=').Append(IsSecret(key) ? shown(value) : Uri.EscapeDataString(value));
            mark = '&';
        }

        return text.ToString();
    }
}

/// <summary>A server in a connection string.</summary>
/// <param name="Name">A name, or an address in text without brackets.</param>
/// <param name="Port">Null: the protocol's own.</param>
public readonly record struct UriHost(string Name, int? Port = null)
{
    /// <summary>The host as a URI shows it.</summary>
    public override string ToString() =>
        (Name.Contains(':', StringComparison.Ordinal) ? $"[{Name}]" : Uri.EscapeDataString(Name)) + (Port is null ? "" : $":{Port}");
}
