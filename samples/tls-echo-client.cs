#:project ../Diesel.Reactive

// diesel's combined_tls, the client: trusts the certificate that tls-echo-server has made, and nobody else's, and sends what you type.
using System.Reactive.Linq;
using System.Security.Cryptography.X509Certificates;
using Diesel.Reactive;

var (host, port) = args.HostAndPort("localhost", 4433);
Application.Quickstart(Demo);

async Task Demo()
{
    try
    {
        Console.Write("message> ");
        var file = Path.Combine(Path.GetTempPath(), $"tls-echo-{port}.pem");
        var tls = new TlsClientOptions { TrustedRoots = File.Exists(file) ? [X509CertificateLoader.LoadCertificateFromFile(file)] : null };
        using var client = new EchoClient(host, port, tls);
        await foreach (var message in StandardInput.Lines().ReadAllAsync(capacity: 1))
        {
            Console.Write($"{await client.Echo(message)}\nmessage> ");
        }
    }
    catch (Exception error) when (error is IOException or TlsException)
    {
        Console.Error.WriteLine(error.Message);
        Environment.ExitCode = 1;
    }
}

internal sealed class EchoClient(string host, int port, TlsClientOptions tls) : Client(host, port, new() { Tls = tls })
{
    public Awaitable<string> Echo(string message) => Call(async connection =>
    {
        connection.OnNext($"{message}\r\n".ToBytes());
        var echo = await connection.Read(Framing.Lines());
        return $"{connection.Feature<TlsInfo>()!.Protocol}> {echo}";
    });
}
