namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Writes a message (RFC 1035, section 4.1).</summary>
internal static class DnsMessageWriter
{
    /// <param name="message">The message.</param>
    /// <param name="writer">Begun anew.</param>
    /// <param name="limit">Bytes it may have: what has no room is left out, and the bit TC says so (RFC 2181, section 9).</param>
    /// <param name="padTo">Its length becomes a multiple of so many bytes, where it has EDNS; 0: it stays as it is (RFC 8467).</param>
    public static void Write(DnsMessage message, DnsWriter writer, int limit, int padTo = 0)
    {
        writer.Clear();
        writer.U16(message.Id);
        writer.U16(Flags(message));
        writer.U16(message.Questions.Count);
        writer.U16(0);
        writer.U16(0);
        writer.U16(0);
        foreach (var question in message.Questions)
        {
            writer.ShortName(question.Name);
            writer.U16((ushort)question.Type);
            writer.U16((ushort)question.Class);
        }

        var room = limit - (message.Edns?.Length ?? 0);
        var isWhole = Section(message.Answers, writer, room, 6) && Section(message.Authorities, writer, room, 8);
        if (!isWhole)
        {
            writer.U16At(2, Flags(message) | DnsHeader.Truncated);
        }

        var additionals = isWhole ? message.Additionals : [];
        Section(additionals, writer, room, 10);
        if (message.Edns is { } edns)
        {
            Opt(edns, (int)message.ResponseCode, writer, padTo, limit);
            writer.U16At(10, ((writer.Written[10] << 8) | writer.Written[11]) + 1);
        }
    }

    /// <summary>The record OPT.</summary>
    public static void Opt(DnsEdns edns, int code, DnsWriter writer, int padTo, int limit = int.MaxValue)
    {
        writer.U8(0);
        writer.U16((int)DnsType.OPT);
        writer.U16(edns.UdpSize);
        writer.U32(((uint)(code >> 4) << 24) | ((uint)edns.Version << 16) | (edns.DnssecOk ? 0x8000u : 0));
        var length = writer.Length;
        writer.U16(0);
        foreach (var (option, value) in edns.Options)
        {
            writer.U16(option);
            writer.U16(value.Length);
            writer.Bytes(value.Span);
        }

        if (padTo > 0 && writer.Length + 4 <= limit)
        {
            var padding = (padTo - (writer.Length + 4) % padTo) % padTo;
            padding = Math.Min(padding, Math.Min(limit, ushort.MaxValue) - writer.Length - 4);
            writer.U16(DnsOption.Padding);
            writer.U16(padding);
            writer.Bytes(new byte[padding]);
        }

        writer.U16At(length, writer.Length - length - 2);
    }

    private static int Flags(DnsMessage message) =>
        (message.IsResponse ? DnsHeader.Response : 0)
        | (((int)message.Opcode & 15) << 11)
        | (message.IsAuthoritative ? DnsHeader.Authoritative : 0)
        | (message.IsTruncated ? DnsHeader.Truncated : 0)
        | (message.RecursionDesired ? DnsHeader.RecursionDesired : 0)
        | (message.RecursionAvailable ? DnsHeader.RecursionAvailable : 0)
        | (message.IsAuthenticData ? DnsHeader.AuthenticData : 0)
        | (message.IsCheckingDisabled ? DnsHeader.CheckingDisabled : 0)
        | ((int)message.ResponseCode & 15);

    // Sets of records are left out as a whole, so that nobody takes a part for all.
    private static bool Section(IReadOnlyList<DnsRecord> records, DnsWriter writer, int room, int countAt)
    {
        var (whole, count) = (writer.Length, 0);
        for (var at = 0; at < records.Count; at++)
        {
            var record = records[at];
            if (at > 0 && (records[at - 1].Type != record.Type || records[at - 1].Name != record.Name))
            {
                (whole, count) = (writer.Length, at);
            }

            record.Write(writer);
            if (writer.Length > room)
            {
                writer.CutTo(whole);
                writer.U16At(countAt, count);
                return false;
            }
        }

        writer.U16At(countAt, records.Count);
        return true;
    }
}
