namespace Diesel.Reactive.Protocols.Http;

/// <summary>The lines behind a start line, and behind the last chunk.</summary>
internal static class HttpFields
{
    /// <summary>field-line = field-name ":" OWS field-value OWS (RFC 9112 §5), without obs-fold.</summary>
    /// <returns>Where the colon is.</returns>
    /// <exception cref="HttpRefusedException">It is none.</exception>
    public static int Check(ReadOnlySpan<byte> line, bool isRequest)
    {
        var colon = line.IndexOfAnyExcept(HttpGrammar.Token);
        if (colon <= 0 || line[colon] != ':')
        {
            throw new HttpRefusedException(isRequest ? 400 : 502, "RFC 9112 §5", line is [(byte)' ' or (byte)'\t', ..]
                ? "A line begins with white space: a field may not be folded" : "A line is no field: a name, a colon at once behind it, and a value");
        }

        return HttpGrammar.IsFieldValue(line[(colon + 1)..]) ? colon
            : throw new HttpRefusedException(isRequest ? 400 : 502, "RFC 9110 §5.5", "A field's value has a control character in it");
    }
}
