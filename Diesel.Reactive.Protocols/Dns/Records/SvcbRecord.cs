using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>How to reach a service, or a web site (RFC 9460): <see cref="DnsType.SVCB"/> and <see cref="DnsType.HTTPS"/>.</summary>
/// <remarks>Of an alias (<see cref="IsAlias"/>) only the target counts.</remarks>
public sealed class SvcbRecord : DnsRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">Whose service.</param>
    /// <param name="type"><see cref="DnsType.SVCB"/> or <see cref="DnsType.HTTPS"/>.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="priority">0: an alias; else the least is tried first.</param>
    /// <param name="target">The host; the root stands for the name itself, of an alias for "no such service".</param>
    /// <param name="parameters">In any order, each key once; see <see cref="SvcbParameter"/>.</param>
    /// <exception cref="ArgumentException">It is of another type, or the parameters are none.</exception>
    public SvcbRecord(DnsName name, DnsType type, TimeSpan timeToLive, ushort priority, DnsName target, params IEnumerable<SvcbParameter> parameters)
        : base(name, type is DnsType.SVCB or DnsType.HTTPS ? type : throw new ArgumentException($"{type} is neither SVCB nor HTTPS.", nameof(type)), timeToLive)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        (Priority, Target, Parameters) = (priority, target, [.. parameters.OrderBy(static each => each.Key)]);
        if (Wrong(Parameters) is { } wrong)
        {
            throw new ArgumentException(wrong, nameof(parameters));
        }
    }

    private SvcbRecord(DnsOwner owner, ushort priority, DnsName target, List<SvcbParameter> parameters)
        : base(owner) => (Priority, Target, Parameters) = (priority, target, parameters);

    /// <summary>0: an alias; else the least is tried first.</summary>
    public ushort Priority { get; }

    /// <summary>The host; the root stands for the name itself, of an alias for "no such service".</summary>
    public DnsName Target { get; }

    /// <summary>What is said of it, by ascending keys.</summary>
    public IReadOnlyList<SvcbParameter> Parameters { get; }

    /// <summary>Whether it only names another name whose records hold.</summary>
    public bool IsAlias => Priority == 0;

    /// <summary>Protocols, as ALPN has them: <c>h2</c>, <c>h3</c>.</summary>
    public IReadOnlyList<string> Alpn => Find(SvcbText.Alpn) is { } value ? [.. SvcbText.Ids(value).Select(Encoding.Latin1.GetString)] : [];

    /// <summary>Whether the service does not have its scheme's default protocol.</summary>
    public bool HasNoDefaultAlpn => Find(SvcbText.NoDefaultAlpn) is not null;

    /// <summary>Its port; null: as usual.</summary>
    public ushort? Port => Find(SvcbText.Port) is { } value ? BinaryPrimitives.ReadUInt16BigEndian(value.Span) : null;

    /// <summary>IPv4 addresses to begin with until those of the target are known.</summary>
    public IReadOnlyList<IPAddress> Ipv4Hints => Hints(SvcbText.Ipv4Hint, 4);

    /// <summary>IPv6 addresses to begin with until those of the target are known.</summary>
    public IReadOnlyList<IPAddress> Ipv6Hints => Hints(SvcbText.Ipv6Hint, 16);

    /// <summary>How to encrypt the TLS hello; null: not at all.</summary>
    public ReadOnlyMemory<byte>? Ech => Find(SvcbText.Ech);

    /// <summary>Keys without knowledge of which the record must not be used.</summary>
    public IReadOnlyList<ushort> Mandatory => Find(SvcbText.Mandatory) is { } value ? [.. SvcbText.Keys(value)] : [];

    internal static SvcbRecord Read(DnsOwner owner, ref DnsReader data)
    {
        var (priority, target, parameters) = (data.U16(), data.Name(), new List<SvcbParameter>());
        while (!data.IsAtEnd)
        {
            parameters.Add(new(data.U16(), data.Bytes(data.U16())));
        }

        return Wrong(parameters) is { } wrong ? throw new ProtocolException(wrong) : new(owner, priority, target, parameters);
    }

    internal static SvcbRecord Parse(DnsOwner owner, DnsTokens data)
    {
        var (priority, target, parameters) = (data.U16(), data.Name(), new List<SvcbParameter>());
        while (!data.IsAtEnd)
        {
            parameters.Add(SvcbText.Parse(data.Word()));
        }

        parameters.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        return Wrong(parameters) is { } wrong ? throw new FormatException(wrong) : new(owner, priority, target, parameters);
    }

    internal override void WriteData(DnsWriter writer)
    {
        writer.U16(Priority);
        writer.Name(Target);
        foreach (var (key, value) in Parameters)
        {
            writer.U16(key);
            writer.U16(value.Length);
            writer.Bytes(value.Span);
        }
    }

    internal override StringBuilder PrintData(StringBuilder text)
    {
        text.Append(Priority, ' ').Append(Target.ToString());
        foreach (var parameter in Parameters)
        {
            text.And(SvcbText.Print(parameter));
        }

        return text;
    }

    // RFC 9460, sections 2.2, 7 and 8. One that is wrong spoils all.
    private static string? Wrong(IReadOnlyList<SvcbParameter> parameters)
    {
        for (var at = 0; at < parameters.Count; at++)
        {
            if (at > 0 && parameters[at].Key <= parameters[at - 1].Key)
            {
                return $"The keys of an SVCB record ascend; {parameters[at].Key} does not follow {parameters[at - 1].Key}.";
            }

            if (!SvcbText.IsValid(parameters[at], parameters))
            {
                return $"The key {SvcbText.NameOf(parameters[at].Key)} of an SVCB record has a value that means nothing.";
            }
        }

        return null;
    }

    private ReadOnlyMemory<byte>? Find(ushort key)
    {
        foreach (var parameter in Parameters)
        {
            if (parameter.Key == key)
            {
                return parameter.Value;
            }
        }

        return null;
    }

    private IReadOnlyList<IPAddress> Hints(ushort key, int size) =>
        Find(key) is { } value ? [.. Enumerable.Range(0, value.Length / size).Select(at => new IPAddress(value.Span.Slice(at * size, size)))] : [];
}
