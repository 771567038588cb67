#:project ../Diesel.Reactive

// A server that begins in plain text and goes on within TLS when it is asked to, as mail servers do, and a client that asks.
using System.Net;
using Diesel.Reactive;

var certificate = TlsCertificate.SelfSigned("localhost");
var secure = new TlsServerOptions { Certificate = certificate };
var service = new TcpService(new IPEndPoint(IPAddress.Loopback, 0), Serve);
Application.Quickstart(service, (Func<Task>)Talk);

async Task Serve(Connection connection)
{
    while (true)
    {
        var line = await connection.Read(Framing.Lines(maxLength: 1000));
        if (line != "STARTTLS")
        {
            connection.OnNext($"500 {line}, over {connection.Feature<TlsInfo>()?.Protocol.ToString() ?? "plain text"}\r\n".ToBytes());
            continue;
        }

        connection.OnNext("220 go ahead\r\n".ToBytes());
        await connection.Upgrade(secure);
    }
}

async Task Talk()
{
    using (var connection = await Tcp.Connect("localhost", service.Port))
    {
        Console.WriteLine(await Ask(connection, "HELLO"));
        Console.WriteLine(await Ask(connection, "STARTTLS"));
        await connection.Upgrade(new TlsClientOptions { ServerName = "localhost", TrustedRoots = [certificate.Certificate] });
        Console.WriteLine(await Ask(connection, "HELLO"));
    }

    // Whoever is on the way may put something behind the command: within TLS it would look as if the client had said it.
    using var injected = await Tcp.Connect("localhost", service.Port);
    Console.WriteLine(await Ask(injected, "STARTTLS\r\nEVIL"));
    try
    {
        Console.WriteLine(await injected.Read(Framing.Lines()));
    }
    catch (IOException)
    {
        Console.WriteLine("the server has closed the connection");
    }

    Application.Quickstop();
}

static async Task<string> Ask(Connection connection, string line)
{
    connection.OnNext($"{line}\r\n".ToBytes());
    return await connection.Read(Framing.Lines());
}
