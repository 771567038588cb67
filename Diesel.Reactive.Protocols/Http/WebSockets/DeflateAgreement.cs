namespace Diesel.Reactive.Protocols.Http;

/// <summary>What both sides agreed on of permessage-deflate (RFC 7692 §7.1).</summary>
/// <param name="OwnKeeps">Whether this side's messages may use what it sent before.</param>
/// <param name="PeersKeeps">Whether the peer's may.</param>
internal sealed record DeflateAgreement(bool OwnKeeps, bool PeersKeeps)
{
    private const string Name = "permessage-deflate";
    private const string ServerKeepsNot = "server_no_context_takeover";
    private const string ClientKeepsNot = "client_no_context_takeover";
    private const string ServerBits = "server_max_window_bits";
    private const string ClientBits = "client_max_window_bits";

    /// <summary>What a client offers.</summary>
    public static string Offer(WebSocketDeflate options) => options.KeepsContext ? Name : $"{Name}; {ServerKeepsNot}; {ClientKeepsNot}";

    /// <summary>A server takes the first offer that it can keep.</summary>
    /// <param name="offers">The values of Sec-WebSocket-Extensions.</param>
    /// <param name="options">What this side wants.</param>
    /// <param name="response">What it answers.</param>
    /// <returns>Null: none, and messages go as they are.</returns>
    public static DeflateAgreement? Accept(IEnumerable<string> offers, WebSocketDeflate options, out string response)
    {
        response = "";
        foreach (var offer in WebSocketExtension.Parse(offers))
        {
            if (offer.Name == Name && IsKeepable(offer))
            {
                var own = options.KeepsContext && !offer.Has(ServerKeepsNot);
                var peers = options.KeepsContext && !offer.Has(ClientKeepsNot);
                response = Name + (own ? "" : $"; {ServerKeepsNot}") + (peers ? "" : $"; {ClientKeepsNot}") + (offer.Has(ServerBits) ? $"; {ServerBits}=15" : "");
                return new(own, peers);
            }
        }

        return null;
    }

    /// <summary>What a server made of this client's offer.</summary>
    /// <returns>Null: it wants none.</returns>
    /// <exception cref="WebSocketRefusedException">It answers what was not offered.</exception>
    public static DeflateAgreement? Confirm(IEnumerable<string> answers, WebSocketDeflate? options)
    {
        WebSocketExtension[] all = [.. WebSocketExtension.Parse(answers)];
        if (all.Length == 0)
        {
            return null;
        }

        // This side did not say that it could do with a smaller window, so it must not be asked to (§7.1.2.2).
        return options is not null && all is [{ Name: Name, IsWell: true } one] && !one.Has(ClientBits)
            && one.Parameters.All(each => each.Name is ServerKeepsNot or ClientKeepsNot ? each.Value is null : each.Name == ServerBits && IsBits(each.Value))
            ? new(options.KeepsContext && !one.Has(ClientKeepsNot), !one.Has(ServerKeepsNot))
            : throw WebSocketRefusedException.Of("RFC 6455 §9.1", "The server answers with an extension that was not offered");
    }

    // The compressor's window is 32 KiB, whatever is asked of it.
    private static bool IsKeepable(WebSocketExtension offer) => offer.IsWell && offer.Parameters.All(static each => each.Name switch
    {
        ServerKeepsNot or ClientKeepsNot => each.Value is null,
        ServerBits => each.Value == "15",
        ClientBits => each.Value is null || IsBits(each.Value),
        _ => false,
    });

    private static bool IsBits(string? value) => value is "8" or "9" or "10" or "11" or "12" or "13" or "14" or "15";
}

/// <summary>An extension as a side offers or answers it (RFC 6455 §9.1).</summary>
internal sealed record WebSocketExtension(string Name, IReadOnlyList<(string Name, string? Value)> Parameters)
{
    private const int Most = 64;

    /// <summary>Whether no parameter is there twice.</summary>
    public bool IsWell => Parameters.Select(static each => each.Name).Distinct().Count() == Parameters.Count;

    public bool Has(string parameter) => Parameters.Any(each => each.Name == parameter);

    /// <summary>All of them, as far as they are any: an offer that cannot be read is as good as none.</summary>
    public static IEnumerable<WebSocketExtension> Parse(IEnumerable<string> fields) => fields
        .SelectMany(static field => field.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .Take(Most)
        .Select(static one => one.Split(';', StringSplitOptions.TrimEntries))
        .Select(static parts => new WebSocketExtension(parts[0], [.. parts.Skip(1).Take(Most).Select(Parameter)]));

    private static (string Name, string? Value) Parameter(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (text, null) : (text[..equals].TrimEnd(), text[(equals + 1)..].TrimStart().Trim('"'));
    }
}
