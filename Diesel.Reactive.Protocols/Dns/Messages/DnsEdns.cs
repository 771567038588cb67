namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What extends a message: EDNS(0), its record OPT (RFC 6891).</summary>
public sealed record DnsEdns
{
    /// <summary>The size that gets through nearly everywhere in one piece.</summary>
    internal const ushort UsualSize = 1232;

    private readonly DnsOption[] _options = [];

    /// <summary>Bytes of the largest datagram that the sender takes; less than 512 counts as 512. Default 1232.</summary>
    public ushort UdpSize { get; init; } = UsualSize;

    /// <summary>Its version; there is only 0.</summary>
    public byte Version { get; init; }

    /// <summary>Whether records of DNSSEC are wanted, the bit DO.</summary>
    public bool DnssecOk { get; init; }

    /// <summary>Options, in their order.</summary>
    public IReadOnlyList<DnsOption> Options { get => _options; init => _options = [.. value]; }

    /// <summary>Options that nobody else has.</summary>
    internal DnsOption[] Own { init => _options = value; }

    /// <summary>Why the server has no better answer; mostly none.</summary>
    public IReadOnlyList<ExtendedDnsError> ExtendedErrors
    {
        get
        {
            var errors = new List<ExtendedDnsError>();
            foreach (var option in _options)
            {
                if (ExtendedDnsError.TryRead(option, out var error))
                {
                    errors.Add(error);
                }
            }

            return errors;
        }
    }

    /// <summary>The first option of a code.</summary>
    internal ReadOnlyMemory<byte>? Find(ushort code)
    {
        foreach (var option in _options)
        {
            if (option.Code == code)
            {
                return option.Value;
            }
        }

        return null;
    }

    /// <summary>How many bytes it has, beside padding.</summary>
    internal int Length => 11 + _options.Sum(static option => 4 + option.Value.Length);
}
