namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What a <see cref="SvcbRecord"/> says of a service, as bytes.</summary>
/// <param name="Key">Which: the registry of "DNS SVCB" at IANA.</param>
/// <param name="Value">As on the wire.</param>
public readonly record struct SvcbParameter(ushort Key, ReadOnlyMemory<byte> Value)
{
    /// <summary>As it stands in a master file.</summary>
    public override string ToString() => SvcbText.Print(this);
}
