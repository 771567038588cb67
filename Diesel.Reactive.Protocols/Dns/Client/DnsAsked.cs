namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What a query says, whoever it is sent to.</summary>
internal sealed class DnsAsked
{
    private readonly ushort _flags;
    private readonly bool _dnssecOk;
    private readonly IReadOnlyList<DnsOption> _options;

    public DnsAsked(DnsQuestion question, DnsQueryOptions options)
        : this(question, (options.RecursionDesired ? DnsHeader.RecursionDesired : 0) | (options.CheckingDisabled ? DnsHeader.CheckingDisabled : 0), options.DnssecOk, [])
    {
        UsesEdns = true;
        UsesTcp = options.UsesTcp;
    }

    /// <summary>As a message has it that somebody else has made.</summary>
    public DnsAsked(DnsMessage message)
        : this(
            message.Questions[0],
            (message.RecursionDesired ? DnsHeader.RecursionDesired : 0) | (message.IsAuthenticData ? DnsHeader.AuthenticData : 0)
                | (message.IsCheckingDisabled ? DnsHeader.CheckingDisabled : 0),
            message.Edns?.DnssecOk ?? false,

            // What belongs to one hop is not passed on.
            [.. (message.Edns?.Options ?? []).Where(static option => option.Code is not (DnsOption.Cookie or DnsOption.KeepAlive or DnsOption.Padding))]) =>
        UsesEdns = message.Edns is not null;

    private DnsAsked(DnsQuestion question, int flags, bool dnssecOk, IReadOnlyList<DnsOption> options)
    {
        (Questions, _flags, _dnssecOk, _options) = ([question], (ushort)flags, dnssecOk, options);
    }

    public DnsQuestion Question => Questions[0];

    /// <summary>As replies have it, too.</summary>
    public DnsQuestion[] Questions { get; }

    public bool UsesEdns { get; }

    /// <summary>Over TCP from the beginning.</summary>
    public bool UsesTcp { get; }

    /// <summary>Whether a reply repeats the question, as it should.</summary>
    public bool IsAnsweredBy(DnsMessage reply) => reply.IsResponse && (reply.Questions is [var question] ? question == Question
        : reply.Questions.Count == 0 && reply.ResponseCode != DnsResponseCode.NoError && reply.Answers.Count == 0);

    public void Write(DnsWriter writer, ushort id, DnsTransport transport, DnsForm form, DnsServer server, DnsOptions options)
    {
        writer.Clear();
        writer.U16(id);
        writer.U16(_flags);
        writer.U16(1);
        writer.U32(0);
        writer.U16(form == DnsForm.Plain ? 0 : 1);
        writer.Name(Question.Name);
        writer.U16((ushort)Question.Type);
        writer.U16((ushort)Question.Class);
        if (form == DnsForm.Plain)
        {
            return;
        }

        writer.U8(0);
        writer.U16((int)DnsType.OPT);
        writer.U16(options.UdpSize);
        writer.U32(_dnssecOk ? 0x8000u : 0);
        var length = writer.Length;
        writer.U16(0);
        if (form == DnsForm.Whole)
        {
            Options(writer, transport, server, options);
        }

        writer.U16At(length, writer.Length - length - 2);
    }

    private void Options(DnsWriter writer, DnsTransport transport, DnsServer server, DnsOptions options)
    {
        foreach (var (code, value) in _options)
        {
            Option(writer, code, value.Span);
        }

        // Where nothing goes by UDP nobody can forge, and a cookie would only tell who asks.
        if (server.Target.Transport == DnsTransport.Udp && options.UsesCookies && server.Cookie() is { } cookie)
        {
            Option(writer, DnsOption.Cookie, cookie);
        }

        // Connections of HTTP have times of their own. RFC 7828, section 3.2.1: once does.
        if (transport is DnsTransport.Tcp or DnsTransport.Tls && server.Link.IsToAskForTime())
        {
            Option(writer, DnsOption.KeepAlive, default);
        }

        if (transport is DnsTransport.Tls or DnsTransport.Http)
        {
            // RFC 8467, section 4.1: queries to multiples of 128.
            Option(writer, DnsOption.Padding, new byte[(128 - (writer.Length + 4) % 128) % 128]);
        }
    }

    private static void Option(DnsWriter writer, int code, ReadOnlySpan<byte> value)
    {
        writer.U16(code);
        writer.U16(value.Length);
        writer.Bytes(value);
    }
}

/// <summary>How much of EDNS a query has.</summary>
internal enum DnsForm
{
    /// <summary>EDNS with options.</summary>
    Whole,

    /// <summary>EDNS without options.</summary>
    Bare,

    /// <summary>No EDNS.</summary>
    Plain,
}
