using System.Collections;
using System.Net;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Names and values: of a query, a form, or cookies. A name may be there several times.</summary>
public sealed class HttpParameters : IEnumerable<KeyValuePair<string, string>>
{
    internal const long MostOfForm = 4 * 1024 * 1024;

    private const int Most = 1024;

    private readonly List<KeyValuePair<string, string>> _all = [];

    /// <summary>How many there are.</summary>
    public int Count => _all.Count;

    /// <summary>The first value of a name.</summary>
    /// <param name="name">Case matters.</param>
    /// <returns>Null: it is not there.</returns>
    public string? this[string name]
    {
        get
        {
            foreach (var (each, value) in _all)
            {
                if (each == name)
                {
                    return value;
                }
            }

            return null;
        }
    }

    /// <summary>All values of a name, in their order.</summary>
    /// <param name="name">Case matters.</param>
    /// <returns>May be empty.</returns>
    public IEnumerable<string> GetAll(string name) => _all.Where(each => each.Key == name).Select(static each => each.Value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _all.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As <c>a=1&amp;b=2</c>, encoded.</summary>
    public override string ToString() => string.Join('&', _all.Select(static each => $"{WebUtility.UrlEncode(each.Key)}={WebUtility.UrlEncode(each.Value)}"));

    /// <summary>As a query or a form has them (application/x-www-form-urlencoded of the URL standard).</summary>
    /// <exception cref="HttpRefusedException">They are too many.</exception>
    internal static HttpParameters ParseForm(ReadOnlySpan<char> text)
    {
        var all = new HttpParameters();
        foreach (var range in text.Split('&'))
        {
            var pair = text[range];
            if (!pair.IsEmpty)
            {
                var equals = pair.IndexOf('=');
                all.Add(Decoded(equals < 0 ? pair : pair[..equals]), equals < 0 ? "" : Decoded(pair[(equals + 1)..]));
            }
        }

        return all;
    }

    /// <summary>As Cookie fields have them (RFC 6265 §4.2.1), read as leniently as §5 writes them.</summary>
    /// <exception cref="HttpRefusedException">They are too many.</exception>
    internal static HttpParameters ParseCookies(IEnumerable<string> fields)
    {
        var all = new HttpParameters();
        foreach (var pair in fields.SelectMany(static field => field.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                var value = pair[(equals + 1)..].Trim();
                all.Add(pair[..equals].Trim(), value is ['"', .. var quoted, '"'] ? quoted : value);
            }
        }

        return all;
    }

    private static string Decoded(ReadOnlySpan<char> text) => text.ContainsAny('%', '+') ? WebUtility.UrlDecode(text.ToString()) : text.ToString();

    private void Add(string name, string value)
    {
        if (_all.Count == Most)
        {
            throw new HttpRefusedException(400, "RFC 9110 §15.5.1", $"There are more than {Most} parameters");
        }

        _all.Add(new(name, value));
    }
}
