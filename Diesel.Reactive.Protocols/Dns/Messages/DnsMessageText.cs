using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Messages as people read them.</summary>
internal static class DnsMessageText
{
    public static string Print(DnsMessage message)
    {
        var text = new StringBuilder($";; {message.Opcode.ToString().ToUpperInvariant()}, {message.ResponseCode.Print()}, id {message.Id}, flags:");
        foreach (var (isSet, name) in Flags(message))
        {
            _ = isSet ? text.Append(' ').Append(name) : text;
        }

        text.Append('\n');
        if (message.Edns is { } edns)
        {
            text.Append($";; EDNS {edns.Version}, up to {edns.UdpSize} bytes{(edns.DnssecOk ? ", do" : "")}\n");
            edns.Options.ToList().ForEach(option => text.Append($";; {(ExtendedDnsError.TryRead(option, out var error) ? $"{error}" : $"{option}")}\n"));
        }

        foreach (var question in message.Questions)
        {
            text.Append($";{question}\n");
        }

        return Section(Section(Section(text, "ANSWER", message.Answers), "AUTHORITY", message.Authorities), "ADDITIONAL", message.Additionals).ToString();
    }

    private static StringBuilder Section(StringBuilder text, string name, IReadOnlyList<DnsRecord> records)
    {
        _ = records.Count > 0 ? text.Append($"\n;; {name}:\n") : text;
        foreach (var record in records)
        {
            text.Append(record).Append('\n');
        }

        return text;
    }

    private static (bool IsSet, string Name)[] Flags(DnsMessage message) =>
    [
        (message.IsResponse, "qr"), (message.IsAuthoritative, "aa"), (message.IsTruncated, "tc"), (message.RecursionDesired, "rd"),
        (message.RecursionAvailable, "ra"), (message.IsAuthenticData, "ad"), (message.IsCheckingDisabled, "cd"),
    ];
}
