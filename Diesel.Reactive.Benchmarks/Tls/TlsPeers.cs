using System.Net;
using Diesel.Reactive.Benchmarks.Bulk;
using Diesel.Reactive.Benchmarks.Echo.Peers;

namespace Diesel.Reactive.Benchmarks.Tls;

/// <summary>The servers of the other comparisons, over TLS: both with the same certificate of P-256, made once.</summary>
internal static class TlsPeers
{
    static readonly TlsCertificate Certificate = TlsCertificate.SelfSigned("localhost");

    public static IPEndPoint StartEcho(int port) => DieselEcho.Start(port, new Hub(), new TlsServerOptions { Certificate = Certificate });

    public static IPEndPoint StartPortableEcho(int port) =>
        DieselEcho.Start(port, new Hub(new HubOptions { Portable = true }), new TlsServerOptions { Certificate = Certificate });

    public static IPEndPoint StartKestrelEcho(int port) => KestrelEcho.Start(port, inline: false, Certificate.Certificate);

    public static IPEndPoint StartBulk(int port) => BulkPeers.StartDiesel(port, new Hub(), new TlsServerOptions { Certificate = Certificate });

    public static IPEndPoint StartKestrelBulk(int port) => BulkPeers.StartKestrel(port, Certificate.Certificate);
}
