using System.Security.Authentication;

namespace Diesel.Reactive.Tests;

/// <summary>What two ends of a connection speak below their bytes: nothing, or TLS.</summary>
/// <param name="Name">For the names of tests.</param>
/// <param name="Server">Of the side that is dialled; null: plain text.</param>
/// <param name="Client">Of the side that dials.</param>
public sealed record Speech(string Name, TlsServerOptions? Server, TlsClientOptions? Client)
{
    public static IReadOnlyList<Speech> All { get; } = [new("TCP", null, null), Tls("TLS 1.2", SslProtocols.Tls12), Tls("TLS 1.3", SslProtocols.Tls13)];

    /// <summary>Each over each event loop.</summary>
    public static IEnumerable<TestFixtureData> OverAllLoops =>
        from loop in EventLoops.Named
        from speech in All
        select new TestFixtureData(loop.NewHub, speech).SetArgDisplayNames(loop.Name, speech.Name);

    public bool IsTls => Server is not null;

    public override string ToString() => Name;

    private static Speech Tls(string name, SslProtocols protocol) =>
        new(name, Authority.Server with { Protocols = protocol }, Authority.Client with { Protocols = protocol });
}
