namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Reads records as people write them: RFC 1035, section 5, and RFC 2308, section 4 (<c>$TTL</c>).</summary>
/// <remarks>No socket, no file: <c>$INCLUDE</c> is refused, so that a text can name no files.</remarks>
internal sealed class MasterFile
{
    private DnsName _origin;
    private DnsName? _owner;
    private uint? _default;
    private uint? _last;

    private MasterFile(DnsName origin) => _origin = origin;

    /// <param name="text">Lines.</param>
    /// <param name="origin">Behind names without a dot at their end, until <c>$ORIGIN</c> says otherwise.</param>
    /// <returns>The records, in their order.</returns>
    /// <exception cref="FormatException">While they are read: a line is wrong; its number is in the message.</exception>
    public static IEnumerable<DnsRecord> Read(string text, DnsName origin)
    {
        var file = new MasterFile(origin);
        foreach (var entry in MasterFileEntry.Split(text))
        {
            if (file.Take(entry) is { } record)
            {
                yield return record;
            }
        }
    }

    private DnsRecord? Take(MasterFileEntry entry)
    {
        try
        {
            return entry.Tokens[0] is { IsQuoted: false, Text: ['$', ..] } ? Direct(entry) : Record(entry);
        }
        catch (FormatException error)
        {
            throw new FormatException($"Line {entry.Line}: {error.Message}", error);
        }
    }

    private DnsRecord? Direct(MasterFileEntry entry)
    {
        var tokens = new DnsTokens(entry.Tokens, _origin);
        switch (tokens.Word().ToUpperInvariant())
        {
            case "$ORIGIN":
                _origin = tokens.Name();
                break;
            case "$TTL":
                _default = tokens.Time();
                break;
            case "$INCLUDE":
                throw new FormatException("$INCLUDE is refused: put the records into one text.");
            default:
                throw new FormatException($"'{entry.Tokens[0].Text}' is not known: there are $ORIGIN and $TTL.");
        }

        tokens.End();
        return null;
    }

    private DnsRecord Record(MasterFileEntry entry)
    {
        var tokens = new DnsTokens(entry.Tokens, _origin);
        var name = entry.IsIndented ? _owner ?? throw new FormatException("There is no name yet that it could belong to.") : tokens.Name();
        _owner = name;
        uint? seconds = null;
        DnsClass? @class = null;
        while (tokens.Peek is { } word)
        {
            if (seconds is null && char.IsAsciiDigit(word[0]) && DnsTokens.TryTime(word, out var time))
            {
                seconds = time;
            }
            else if (@class is null && DnsClassText.TryParse(word, out var known))
            {
                @class = known;
            }
            else
            {
                break;
            }

            tokens.Next();
        }

        var type = tokens.Type();
        var isKnown = (seconds ?? _default ?? _last) is not null;
        var record = DnsRecordData.Parse(new(name, type, @class ?? DnsClass.IN, seconds ?? _default ?? _last ?? 0), tokens);
        _last = seconds ?? _last;
        if (isKnown)
        {
            return record;
        }

        // RFC 1035, section 3.3.13: before there was $TTL, that was what the last number of the SOA was for.
        _last = record is SoaRecord soa ? (uint)soa.Minimum.TotalSeconds : throw new FormatException("There is no time to live, and no $TTL before.");
        return record.With(seconds: _last);
    }
}
