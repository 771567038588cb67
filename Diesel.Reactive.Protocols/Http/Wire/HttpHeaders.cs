using System.Collections;
using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Header fields, or trailers, in their order: the lines they are in a message. A value that never changes.</summary>
/// <remarks>Nothing is parsed before it is asked for, and no string is made. Those of a request are slices of it: kept for long, they hold
/// the block they came in. Source: the headers of diesel's 2009 edition (add, set, remove, get, get_one).</remarks>
public readonly struct HttpHeaders : IEnumerable<HttpField>, IEquatable<HttpHeaders>
{
    private readonly ReadOnlyMemory<byte> _lines;

    internal HttpHeaders(ReadOnlyMemory<byte> lines) => _lines = lines;

    /// <summary>No fields.</summary>
    public static HttpHeaders Empty => default;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _lines.IsEmpty;

    /// <summary>The lines as they go over the wire, each with its end.</summary>
    public ReadOnlyMemory<byte> Lines => _lines;

    /// <summary>The value of a field; of several of that name all, parted by commas (RFC 9110 §5.2).</summary>
    /// <param name="name">In any case.</param>
    /// <returns>Null: there is none.</returns>
    public string? this[string name]
    {
        get
        {
            string? all = null;
            foreach (var field in this)
            {
                all = !field.Is(name) ? all : all is null ? field.Value : $"{all}, {field.Value}";
            }

            return all;
        }
    }

    /// <summary>Makes headers of names and values.</summary>
    /// <param name="fields">In their order.</param>
    /// <returns>The headers.</returns>
    /// <exception cref="ArgumentException">A name or value is none.</exception>
    public static HttpHeaders Of(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var length = 0;
        foreach (var (name, value) in fields)
        {
            length += LengthOf(name, value);
        }

        var (lines, end) = (new byte[length], 0);
        foreach (var (name, value) in fields)
        {
            end += Write(lines.AsSpan(end), name, value);
        }

        return new(lines);
    }

    /// <summary>The same and one field more, behind the others.</summary>
    /// <param name="name">A token (RFC 9110 §5.6.2).</param>
    /// <param name="value">Without control characters; it is sent as UTF-8.</param>
    /// <returns>The headers.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">One of them is none: a line end in it would be another field.</exception>
    public HttpHeaders Add(string name, string value)
    {
        var lines = new byte[_lines.Length + LengthOf(name, value)];
        _lines.CopyTo(lines);
        Write(lines.AsSpan(_lines.Length), name, value);
        return new(lines);
    }

    /// <summary>The same with this value for a field, and no other of its name.</summary>
    /// <param name="name">As of <see cref="Add"/>.</param>
    /// <param name="value">As of <see cref="Add"/>.</param>
    /// <returns>The headers.</returns>
    /// <exception cref="ArgumentException">As of <see cref="Add"/>.</exception>
    public HttpHeaders Set(string name, string value) => Remove(name).Add(name, value);

    /// <summary>The same without the fields of a name.</summary>
    /// <param name="name">In any case; there may be none.</param>
    /// <returns>The headers.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public HttpHeaders Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Contains(name))
        {
            return this;
        }

        var (kept, rest) = (new List<byte>(_lines.Length), new HttpFieldReader(_lines));
        while (rest.TryRead(out var field, out var line))
        {
            if (!field.Is(name))
            {
                kept.AddRange(line.Span);
            }
        }

        return new(kept.ToArray());
    }

    /// <summary>Whether there is a field of this name.</summary>
    /// <param name="name">In any case.</param>
    public bool Contains(ReadOnlySpan<char> name) => TryGet(name, out _);

    /// <summary>The first value of a field, as bytes.</summary>
    /// <param name="name">In any case.</param>
    /// <param name="value">The value.</param>
    /// <returns>False: there is none.</returns>
    public bool TryGet(ReadOnlySpan<char> name, out ReadOnlyMemory<byte> value)
    {
        var rest = new HttpFieldReader(_lines);
        return rest.TryFind(name, out value);
    }

    /// <summary>All values of a field, one for each time it is there.</summary>
    /// <param name="name">In any case.</param>
    /// <returns>In their order; may be empty.</returns>
    public IEnumerable<string> GetAll(string name) => this.Where(field => field.Is(name)).Select(static field => field.Value);

    /// <summary>Whether a field that is a list has this member: <c>Connection</c>, <c>Upgrade</c>, <c>TE</c>.</summary>
    /// <param name="name">In any case.</param>
    /// <param name="member">In any case; a list's parameters are part of their member.</param>
    public bool Has(ReadOnlySpan<char> name, ReadOnlySpan<char> member)
    {
        foreach (var field in this)
        {
            var list = field.Is(name) ? field.ValueBytes.Span : default;
            while (HttpGrammar.TryNextMember(ref list, out var one))
            {
                if (Ascii.EqualsIgnoreCase(one, member))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>For <c>foreach</c>, which allocates nothing.</summary>
    /// <returns>The fields in their order.</returns>
    public HttpFieldEnumerator GetEnumerator() => new(_lines);

    IEnumerator<HttpField> IEnumerable<HttpField>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether they are the same lines.</summary>
    /// <param name="left">Some.</param>
    /// <param name="right">Others.</param>
    public static bool operator ==(HttpHeaders left, HttpHeaders right) => left.Equals(right);

    /// <summary>Whether they are other lines.</summary>
    /// <param name="left">Some.</param>
    /// <param name="right">Others.</param>
    public static bool operator !=(HttpHeaders left, HttpHeaders right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(HttpHeaders other) => _lines.Span.SequenceEqual(other._lines.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is HttpHeaders other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_lines.Span);
        return hash.ToHashCode();
    }

    /// <summary>The lines.</summary>
    public override string ToString() => Encoding.UTF8.GetString(_lines.Span);

    private static int LengthOf(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        return name.Length + Encoding.UTF8.GetByteCount(value) + 4;
    }

    /// <summary>Writes the line of a field.</summary>
    /// <returns>Its length.</returns>
    /// <exception cref="ArgumentException">Name or value is none.</exception>
    internal static int Write(Span<byte> line, string name, string value)
    {
        var begin = Encoding.Latin1.GetBytes(name, line);
        if (!HttpGrammar.IsToken(line[..begin]))
        {
            throw new ArgumentException($"'{name}' is no field name: it is made of letters, digits and !#$%&'*+-.^_`|~.", nameof(name));
        }

        ": "u8.CopyTo(line[begin..]);
        begin += 2;
        var end = begin + Encoding.UTF8.GetBytes(value, line[begin..]);
        if (!HttpGrammar.IsFieldValue(line[begin..end]))
        {
            throw new ArgumentException($"The value of '{name}' has a control character in it: a line end would be another field.", nameof(value));
        }

        "\r\n"u8.CopyTo(line[end..]);
        return end + 2;
    }
}
