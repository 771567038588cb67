namespace Diesel.Reactive.Tests;

/// <summary>The server and the client that speak TLS.</summary>
[Parallelizable(ParallelScope.All)]
public class TlsSampleTests
{
    [Test]
    public async Task The_client_trusts_what_the_server_has_made()
    {
        var (server, endPoint) = await SampleProcess.Serve("tls-echo-server");
        await using var _ = server;
        await using var client = await SampleProcess.Start("tls-echo-client", "localhost", $"{endPoint.Port}");
        await client.Type("hello");
        await client.Type("again");
        client.EndInput();
        Assert.That(await client.ReadToEnd(), Is.EqualTo("message> Tls13> hello\nmessage> Tls13> again\nmessage> "));
        Assert.That(await client.End(), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task And_nobody_else()
    {
        var (server, endPoint) = await SampleProcess.Serve("tls-echo-server");
        await using var _ = server;
        File.Delete(Path.Combine(Path.GetTempPath(), $"tls-echo-{endPoint.Port}.pem"));
        await using var client = await SampleProcess.Start("tls-echo-client", "localhost", $"{endPoint.Port}");
        await client.Type("hello");
        var (code, errors) = await client.End();
        Assert.That((code, errors), Is.EqualTo((1, errors)));
        Assert.That(errors, Does.StartWith("TLS was not agreed on with the peer: the certificate of CN=localhost is signed by itself."));
    }
}
