using System.Buffers.Binary;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Reads a message (RFC 1035, section 4.1).</summary>
internal static class DnsMessageReader
{
    // A name, type, class, time to live and length: none is shorter.
    private const int LeastRecord = 11;

    /// <param name="bytes">The whole message.</param>
    /// <param name="known">A question that is probably repeated in it: then it is this one, and not made again.</param>
    public static DnsMessage Read(ReadOnlySpan<byte> bytes, DnsQuestion[]? known = null)
    {
        var reader = new DnsReader(bytes);
        var (id, flags) = (reader.U16(), reader.U16());
        var (questions, answers, authorities, additionals) = (reader.U16(), reader.U16(), reader.U16(), reader.U16());
        var asked = Questions(ref reader, questions, known);
        DnsEdns? edns = null;
        var code = flags & 15;
        var message = new DnsMessage
        {
            Id = id,
            IsResponse = (flags & DnsHeader.Response) != 0,
            Opcode = (DnsOpcode)((flags >> 11) & 15),
            IsAuthoritative = (flags & DnsHeader.Authoritative) != 0,
            IsTruncated = (flags & DnsHeader.Truncated) != 0,
            RecursionDesired = (flags & DnsHeader.RecursionDesired) != 0,
            RecursionAvailable = (flags & DnsHeader.RecursionAvailable) != 0,
            IsAuthenticData = (flags & DnsHeader.AuthenticData) != 0,
            IsCheckingDisabled = (flags & DnsHeader.CheckingDisabled) != 0,
            Questions = asked,
            Answers = Records(ref reader, answers, asked, ref edns, ref code, isAdditional: false),
            Authorities = Records(ref reader, authorities, asked, ref edns, ref code, isAdditional: false),
            Additionals = Records(ref reader, additionals, asked, ref edns, ref code, isAdditional: true),
            Edns = edns,
            ResponseCode = (DnsResponseCode)code,
        };
        return message;
    }

    /// <summary>Id and flags, and whether it answers a question; without reading more than that of what a stranger may have sent.</summary>
    /// <param name="bytes">A datagram.</param>
    /// <param name="id">Of the query.</param>
    /// <param name="question">That of the query.</param>
    /// <returns>False: it is for somebody else, or forged.</returns>
    public static bool IsReplyTo(ReadOnlySpan<byte> bytes, ushort id, DnsQuestion question)
    {
        if (bytes.Length < DnsHeader.Length || bytes[0] != id >> 8 || bytes[1] != (byte)id || (bytes[2] & 0xF8) != 0x80)
        {
            return false;
        }

        var questions = (bytes[4] << 8) | bytes[5];
        if (questions == 0)
        {
            // What a server could not read, it cannot repeat: an error, and nothing else (RFC 9619).
            return (bytes[3] & 15) != 0 && bytes[6..DnsHeader.Length] is [0, 0, 0, 0, _, _];
        }

        var name = question.Name.Wire;
        return questions == 1 && bytes.Length >= DnsHeader.Length + name.Length + 4
            && AsciiCase.Equal(bytes.Slice(DnsHeader.Length, name.Length), name)
            && BinaryPrimitives.ReadUInt32BigEndian(bytes[(DnsHeader.Length + name.Length)..]) == (((uint)question.Type << 16) | (ushort)question.Class);
    }

    private static DnsQuestion[] Questions(ref DnsReader reader, int count, DnsQuestion[]? known)
    {
        if (count == 1)
        {
            return known is [var one] && reader.TrySkip(one.Name.Wire, one.Type, one.Class) ? known : [Question(ref reader)];
        }

        var questions = new List<DnsQuestion>();
        for (var at = 0; at < count; at++)
        {
            questions.Add(Question(ref reader));
        }

        return [.. questions];
    }

    private static DnsQuestion Question(ref DnsReader reader) => new(reader.Name(), (DnsType)reader.U16(), (DnsClass)reader.U16());

    private static DnsRecord[] Records(ref DnsReader reader, int count, DnsQuestion[] asked, ref DnsEdns? edns, ref int code, bool isAdditional)
    {
        if (count == 0 || (count == 1 && isAdditional && TryOpt(ref reader, ref edns, ref code)))
        {
            return [];
        }

        // As many as there may be at most, whatever is claimed.
        var records = new DnsRecord[Math.Min(count, reader.Left / LeastRecord)];
        var read = 0;
        for (var at = 0; at < count; at++)
        {
            // Most names are the one that was asked for: no further copy of it.
            var isAsked = asked.Length > 0 && reader.PointsToQuestion;
            if (isAsked)
            {
                reader.Skip(2);
            }

            var name = isAsked ? asked[0].Name : reader.Name();
            var owner = new DnsOwner(name, (DnsType)reader.U16(), (DnsClass)reader.U16(), reader.U32());
            var (length, end) = (reader.U16(), reader.End);
            if (length > reader.Left)
            {
                throw new DnsCutOffException($"The data of a record has {length} bytes, of which {reader.Left} are there.");
            }

            if (owner.Type == DnsType.OPT)
            {
                Take(ref reader, owner, length, ref edns, ref code, isAdditional);
                continue;
            }

            reader.End = reader.Position + length;
            records[read++] = DnsRecordData.Read(owner, ref reader);
            reader.End = end;
        }

        return read == records.Length ? records : records[..read];
    }

    // What nearly every reply ends with, without a list for it.
    private static bool TryOpt(ref DnsReader reader, ref DnsEdns? edns, ref int code)
    {
        var ahead = reader;
        if (ahead.Left < 11 || ahead.U8() != 0 || ahead.U16() != (int)DnsType.OPT)
        {
            return false;
        }

        var owner = new DnsOwner(DnsName.Root, DnsType.OPT, (DnsClass)ahead.U16(), ahead.U32());
        var length = ahead.U16();
        if (length > ahead.Left)
        {
            return false;
        }

        reader = ahead;
        Take(ref reader, owner, length, ref edns, ref code, isAdditional: true);
        return true;
    }

    // RFC 6891, section 6.1: one, of the root, among the additional records.
    private static void Take(ref DnsReader reader, DnsOwner owner, int length, ref DnsEdns? edns, ref int code, bool isAdditional)
    {
        if (edns is not null || !owner.Name.IsRoot || !isAdditional)
        {
            throw new ProtocolException("The record OPT is there once, of the root, among the additional records.");
        }

        var end = reader.End;
        reader.End = reader.Position + length;
        var options = reader.IsAtEnd ? [] : Options(ref reader);
        reader.End = end;
        code |= (int)(owner.Seconds >> 24) << 4;
        edns = new DnsEdns { UdpSize = (ushort)owner.Class, Version = (byte)(owner.Seconds >> 16), DnssecOk = (owner.Seconds & 0x8000) != 0, Own = options };
    }

    // Counted first: a cookie, and over a connection for how long that is kept.
    private static DnsOption[] Options(ref DnsReader reader)
    {
        var ahead = reader;
        var count = 0;
        for (; !ahead.IsAtEnd; count++)
        {
            ahead.Skip(2);
            ahead.Skip(ahead.U16());
        }

        var options = new DnsOption[count];
        for (var at = 0; at < count; at++)
        {
            options[at] = Option(ref reader);
        }

        return options;
    }

    private static DnsOption Option(ref DnsReader reader) => new(reader.U16(), reader.Bytes(reader.U16()));
}
