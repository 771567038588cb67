namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A whole message: a query or a response (RFC 1035, section 4).</summary>
/// <remarks>Immutable. The record OPT is not among the additional records: it is <see cref="Edns"/>.</remarks>
public sealed record DnsMessage
{
    /// <summary>Whose response it is.</summary>
    public ushort Id { get; init; }

    /// <summary>Whether it is a response (QR).</summary>
    public bool IsResponse { get; init; }

    /// <summary>What kind of message.</summary>
    public DnsOpcode Opcode { get; init; }

    /// <summary>Whether the server has the zone itself (AA).</summary>
    public bool IsAuthoritative { get; init; }

    /// <summary>Whether something is missing that had no room (TC).</summary>
    public bool IsTruncated { get; init; }

    /// <summary>Whether the server is asked to ask others (RD).</summary>
    public bool RecursionDesired { get; init; }

    /// <summary>Whether the server asks others (RA).</summary>
    public bool RecursionAvailable { get; init; }

    /// <summary>Whether the server has checked the signatures (AD; RFC 4035).</summary>
    public bool IsAuthenticData { get; init; }

    /// <summary>Whether the server shall not check signatures (CD; RFC 4035).</summary>
    public bool IsCheckingDisabled { get; init; }

    /// <summary>How the server answers, 0 to 4095; more than 15 needs <see cref="Edns"/>.</summary>
    public DnsResponseCode ResponseCode { get; init; }

    /// <summary>What is asked; nearly always one.</summary>
    public IReadOnlyList<DnsQuestion> Questions { get; init; } = [];

    /// <summary>The answer.</summary>
    public IReadOnlyList<DnsRecord> Answers { get; init; } = [];

    /// <summary>Whose word it is: servers of the zone, or the SOA that says for how long there is none.</summary>
    public IReadOnlyList<DnsRecord> Authorities { get; init; } = [];

    /// <summary>What else may be of use.</summary>
    public IReadOnlyList<DnsRecord> Additionals { get; init; } = [];

    /// <summary>What extends it; null: nothing.</summary>
    public DnsEdns? Edns { get; init; }

    /// <summary>A query as clients send it.</summary>
    /// <param name="name">Of whom.</param>
    /// <param name="type">Which records.</param>
    /// <returns>With recursion desired, and without EDNS.</returns>
    public static DnsMessage Query(DnsName name, DnsType type) => new() { RecursionDesired = true, Questions = [new(name, type)] };

    /// <summary>As <c>dig</c> shows it.</summary>
    public override string ToString() => DnsMessageText.Print(this);
}
