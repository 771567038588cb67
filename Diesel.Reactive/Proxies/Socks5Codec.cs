using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>What is said between a client and a SOCKS5 proxy.</summary>
/// <remarks>RFC 1928, and RFC 1929 for the login.</remarks>
internal static class Socks5Codec
{
    public const byte NoLogin = 0;
    public const byte WithLogin = 2;
    public const byte NoneOfThese = 0xff;
    public const byte Succeeded = 0;

    private const byte Version = 5;
    private const byte LoginVersion = 1;
    private const byte Connect = 1;
    private const byte IPv4 = 1;
    private const byte Domain = 3;
    private const byte IPv6 = 4;
    private const int Longest = 255;
    private const int PortLength = 2;

    private static Framing<int> Bound { get; } =
        from head in Framing.Bytes(2)
        from length in LengthOf(head.Span[1])
        from address in Framing.Bytes(length + PortLength)
        select length;

    /// <summary>RFC 1928, section 3: the method that the proxy has chosen.</summary>
    public static Framing<byte> Choice { get; } = Versioned(Version);

    /// <summary>RFC 1929, section 2: the status.</summary>
    public static Framing<byte> LoginAnswer { get; } = Versioned(LoginVersion);

    /// <summary>RFC 1928, section 6: the code. The address behind it is the proxy's own affair; of a refusal it need not come.</summary>
    public static Framing<byte> Reply { get; } =
        from code in Versioned(Version)
        from rest in code == Succeeded ? Bound : Framing.Return(0)
        select code;

    /// <summary>RFC 1928, section 3.</summary>
    public static byte[] Greeting(bool withLogin) => withLogin ? [Version, 2, NoLogin, WithLogin] : [Version, 1, NoLogin];

    /// <summary>RFC 1929, section 2; null: too long, or nobody's.</summary>
    public static byte[]? Login(byte[] user, byte[] password) => user.Length is > 0 and <= Longest && password.Length <= Longest
        ? [LoginVersion, (byte)user.Length, .. user, (byte)password.Length, .. password]
        : null;

    /// <summary>RFC 1928, section 4; null: it has no form for such an endpoint.</summary>
    public static byte[]? Request(EndPoint destination) => destination switch
    {
        IPEndPoint ip => Request(ip.AddressFamily == AddressFamily.InterNetwork ? IPv4 : IPv6, ip.Address.GetAddressBytes(), ip.Port),
        DnsEndPoint { Host: var host, Port: var port } when IPAddress.TryParse(host, out var address) => Request(new IPEndPoint(address, port)),
        DnsEndPoint { Host: var host, Port: var port } when ProxyTarget.NameOf(host) is { Length: <= Longest } name => Request(Domain, [(byte)name.Length, .. name], port),
        _ => null,
    };

    /// <summary>RFC 1928, section 6.</summary>
    public static string Meaning(byte code) => code switch
    {
        1 => "general failure of the proxy.",
        2 => "its rules do not allow that. Ask who runs it.",
        3 => "the network cannot be reached from there.",
        4 => "the host cannot be reached, or is not known there. Check the name.",
        5 => "connection refused. Is something listening there?",
        6 => "the way there is too long, or a time-out (TTL expired).",
        7 => "it does not make connections (command not supported).",
        8 => "it does not know that kind of address. Give a name instead of an address, or an IPv4 address instead of an IPv6 one.",
        _ => $"it gave the code {code}, which has no meaning.",
    };

    private static Framing<byte> Versioned(byte version) => Framing.Bytes(2).Select(bytes => bytes.Span[0] == version
        ? bytes.Span[1]
        : throw new ProtocolException($"It answered with version {bytes.Span[0]} instead of {version}: is it a SOCKS5 proxy?"));

    private static Framing<int> LengthOf(byte kind) => kind switch
    {
        IPv4 => Framing.Return(4),
        IPv6 => Framing.Return(16),
        Domain => Framing.Bytes(1).Select(static length => (int)length.Span[0]),
        _ => Framing.Fail<int>($"It answered with an address of the kind {kind}; known are 1, 3 and 4."),
    };

    private static byte[] Request(byte kind, ReadOnlySpan<byte> address, int port)
    {
        Span<byte> number = stackalloc byte[PortLength];
        BinaryPrimitives.WriteUInt16BigEndian(number, (ushort)port);
        return [Version, Connect, 0, kind, .. address, .. number];
    }
}
