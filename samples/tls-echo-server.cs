#:project ../Diesel.Reactive

// diesel's combined_tls, the server: makes a certificate of its own and echoes lines over TLS. Try it with tls-echo-client.cs, or with
//     openssl s_client -connect localhost:4433 -CAfile /tmp/tls-echo-4433.pem -crlf
using System.Net;
using Diesel.Reactive;

var certificate = TlsCertificate.SelfSigned("localhost", "127.0.0.1");
var tls = new TlsServerOptions { Certificate = certificate };
var service = new TcpService(new IPEndPoint(IPAddress.Loopback, args.Port(4433)), Echo, new() { Tls = tls });
Application.Quickstart(service, () =>
{
    // Whoever is to trust it needs the certificate, which is no secret; its key stays here.
    File.WriteAllText(Path.Combine(Path.GetTempPath(), $"tls-echo-{service.Port}.pem"), certificate.Certificate.ExportCertificatePem());
    Console.WriteLine($"listening on {service.EndPoint}");
});

static IObservable<ReadOnlyMemory<byte>> Echo(Connection connection) => connection.UntilEol();
