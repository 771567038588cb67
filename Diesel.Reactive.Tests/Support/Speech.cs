using System.Net;
using System.Security.Authentication;

namespace Diesel.Reactive.Tests;

/// <summary>What two ends of a connection speak below their bytes: TCP, TLS over it, or a Unix socket.</summary>
/// <param name="Name">For the names of tests.</param>
/// <param name="Server">Of the side that is dialled; null: plain text.</param>
/// <param name="Client">Of the side that dials.</param>
public sealed record Speech(string Name, TlsServerOptions? Server = null, TlsClientOptions? Client = null)
{
    public static IReadOnlyList<Speech> All { get; } =
    [
        new("TCP"), Tls("TLS 1.2", SslProtocols.Tls12), Tls("TLS 1.3", SslProtocols.Tls13), new("Unix") { IsUnix = true }, new("Unix, abstract") { IsUnix = true, IsAbstract = true },
    ];

    /// <summary>Each over each event loop.</summary>
    public static IEnumerable<TestFixtureData> OverAllLoops =>
        from loop in EventLoops.Named
        from speech in All
        select new TestFixtureData(loop.NewHub, speech).SetArgDisplayNames(loop.Name, speech.Name);

    public bool IsUnix { get; private init; }

    /// <summary>A name without a file.</summary>
    public bool IsAbstract { get; private init; }

    /// <summary>Where to listen: a port that nobody has, or a name of its own.</summary>
    /// <param name="folder">Where the files of sockets are.</param>
    internal EndPoint NewPlace(SocketFolder folder) => IsUnix ? folder.NewPlace(IsAbstract) : new IPEndPoint(IPAddress.Loopback, 0);

    public override string ToString() => Name;

    private static Speech Tls(string name, SslProtocols protocol) =>
        new(name, Authority.Server with { Protocols = protocol }, Authority.Client with { Protocols = protocol });
}
