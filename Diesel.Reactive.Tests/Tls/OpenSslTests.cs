using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace Diesel.Reactive.Tests;

/// <summary>OpenSSL's own programs and curl as peers.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class OpenSslTests(Func<Hub> newHub)
{
    private const string OpenSsl = "/usr/bin/openssl";

    private Live _live = null!;
    private PemFolder _files = null!;

    [SetUp]
    public void Start()
    {
        SampleTool.Require(OpenSsl, "openssl");
        (_live, _files) = (new Live(newHub()), new PemFolder());
    }

    [TearDown]
    public void Stop()
    {
        _live?.Dispose();
        _files?.Dispose();
    }

    [TestCase("-tls1_2", "Tls12")]
    [TestCase("-tls1_3", "Tls13")]
    public async Task An_s_client_talks_to_a_service(string version, string spoken)
    {
        var service = Echoes();
        var (_, text) = await Run("hello\r\n", "s_client", "-connect", $"127.0.0.1:{service.Port}", "-servername", "localhost", "-CAfile", _files["root.pem"],
            "-verify_return_error", "-verify_hostname", "localhost", "-ign_eof", "-brief", version);
        Assert.That(text, Does.Contain($"HELLO {spoken}"));
    }

    [TestCase("-tls1_2")]
    [TestCase("-tls1_3")]
    public async Task A_session_is_resumed(string version)
    {
        var service = Echoes();
        string[] talk = ["s_client", "-connect", $"127.0.0.1:{service.Port}", "-servername", "localhost", "-CAfile", _files["root.pem"], "-ign_eof", version];
        var (_, first) = await Run("hello\r\n", [.. talk, "-sess_out", _files["session"]]);
        var (_, second) = await Run("hello\r\n", [.. talk, "-sess_in", _files["session"]]);
        Assert.That((first.Contains("New, TLSv1", StringComparison.Ordinal), second.Contains("Reused, TLSv1", StringComparison.Ordinal)), Is.EqualTo((true, true)), second);
        Assert.That(second, Does.Contain("HELLO"));
    }

    [Test]
    public async Task Renegotiation_is_refused()
    {
        var service = Echoes();
        using var process = Start("s_client", "-connect", $"127.0.0.1:{service.Port}", "-servername", "localhost", "-tls1_2");
        var output = process.StandardOutput.ReadToEndAsync();
        await process.StandardInput.WriteAsync("R\n");
        await process.StandardInput.FlushAsync();
        for (var line = ""; line != "RENEGOTIATING"; line = await process.StandardError.ReadLineAsync())
        {
            Assert.That(line, Is.Not.Null, "s_client does not try to.");
        }

        // Refused, it ends by itself. Else it says hello, and is answered; what comes with the command it would not send.
        try
        {
            await process.StandardInput.WriteAsync("hello\r\n");
            await process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
        }

        Assert.That(await output.WaitAsync(Live.Patience), Does.Contain("localhost").And.Not.Contain("HELLO"));
    }

    [TestCase("-tls1_2", "-rev")]
    [TestCase("-tls1_3", "-rev")]
    public void A_client_talks_to_an_s_server(string version, string reverse)
    {
        using var server = Serves(version, reverse);
        var line = _live.Run(async () =>
        {
            using var connection = await Dials(server.Port);
            connection.OnNext("hello\n".ToBytes());
            return (await connection.Read(Framing.UntilEol(allowLoneLf: true))).ToText().Trim();
        });
        Assert.That(line, Is.EqualTo("olleh"));
    }

    [Test]
    public void A_client_resumes_a_session_with_an_s_server()
    {
        using var server = Serves("-tls1_3", "-www");
        string Ask() => _live.Run(async () =>
        {
            using var connection = await Dials(server.Port);
            connection.OnNext("GET / HTTP/1.0\r\n\r\n".ToBytes());
            return string.Concat(await connection.Select(static chunk => chunk.ToText()).ToList());
        });
        Assert.That(Ask(), Does.Contain("New, TLSv1.3"));
        Assert.That(Ask(), Does.Contain("Reused, TLSv1.3"));
    }

    [Test]
    public async Task Curl_checks_the_certificate_and_gets_its_answer()
    {
        SampleTool.Require("/usr/bin/curl", "curl");
        var service = _live.Starts(new TcpService(0, static async c =>
        {
            while ((await c.Read(Framing.UntilEol())).Length > 2)
            {
            }

            c.OnNext("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nyes".ToBytes());
        }, new() { Tls = Authority.Server with { ApplicationProtocols = ["http/1.1"] } }));
        var (code, text) = await SampleTool.Run("curl", "-sS", "--cacert", _files["root.pem"], $"https://localhost:{service.Port}/");
        var (refused, _) = await SampleTool.Run("curl", "-sS", $"https://localhost:{service.Port}/");
        Assert.That((code, text, refused), Is.EqualTo((0, "yes", 60)));
        Assert.That(_live.Await(_live.Errors.FirstAsync()).Exception, Is.InstanceOf<TlsException>().With.Property("Fault").EqualTo(TlsFault.Refused));
    }

    [Test]
    public void A_weak_servers_key_is_refused_though_that_server_does_not_mind()
    {
        _files.Write(Authority.Shared.Issues(rsaBits: 1024));
        using var server = Serves("-tls1_2", "-rev", "-cipher", "DEFAULT@SECLEVEL=0");
        Assert.That(() => _live.Run(async () => await Dials(server.Port)), Throws.InstanceOf<TlsException>().With.Property("Fault").EqualTo(TlsFault.WeakKey));
    }

    [Test]
    public async Task So_is_a_weak_signature()
    {
        _files.Write("names", "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n");
        foreach (var arguments in (string[])[
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root-key.pem -out root.pem -subj /CN=Old -days 2",
            "req -new -key key.pem -subj /CN=localhost -out request.pem",
            "x509 -req -in request.pem -CA root.pem -CAkey root-key.pem -CAcreateserial -sha1 -days 2 -extfile names -out cert.pem"])
        {
            var (code, text) = await Run("", [.. arguments.Split(' ').Select(each => each.EndsWith(".pem", StringComparison.Ordinal) || each == "names" ? _files[each] : each)]);
            Assert.That(code, Is.Zero, text);
        }

        using var server = Serves("-tls1_3", "-rev", "-cipher", "DEFAULT@SECLEVEL=0");
        var tls = Authority.Client with { TrustedRoots = [X509CertificateLoader.LoadCertificateFromFile(_files["root.pem"])] };
        Assert.That(
            () => _live.Run(async () => await Tcp.Connect("127.0.0.1", server.Port, new() { Tls = tls })),
            Throws.InstanceOf<TlsException>().With.Property("Fault").EqualTo(TlsFault.WeakKey).And.Message.Contains("signature of CN=localhost is too weak"));
    }

    private TcpService Echoes() => _live.Starts(new TcpService(
        0, static c => c.Lines().Take(1).Select(line => $"{line.ToUpperInvariant()} {c.Feature<TlsInfo>()!.Protocol}\r\n".ToBytes()), new() { Tls = Authority.Server }));

    private Awaitable<Connection> Dials(int port) => Tcp.Connect("127.0.0.1", port, new() { Tls = Authority.Client }, _live.Hub);

    private static async Task<(int Code, string Text)> Run(string input, params string[] args)
    {
        using var process = Start(args);
        await process.StandardInput.WriteAsync(input);
        await process.StandardInput.FlushAsync();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var deadline = new CancellationTokenSource(Live.Patience);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }

        return (process.HasExited ? process.ExitCode : -1, await output + await errors);
    }

    private static Process Start(params string[] args) => Process.Start(new ProcessStartInfo(OpenSsl, args)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private SServer Serves(params string[] options) =>
        new(Start(["s_server", "-accept", "127.0.0.1:0", "-cert", _files["cert.pem"], "-key", _files["key.pem"], .. options]));

    // Tells its port in its first lines: "ACCEPT 127.0.0.1:41234".
    private sealed class SServer : IDisposable
    {
        private readonly Process _process;

        public SServer(Process process)
        {
            _process = process;
            while (process.StandardOutput.ReadLine() is { } line)
            {
                if (line.StartsWith("ACCEPT ", StringComparison.Ordinal))
                {
                    Port = int.Parse(line[(line.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
                    return;
                }
            }

            throw new InvalidOperationException($"openssl s_server did not start: {process.StandardError.ReadToEnd()}");
        }

        public int Port { get; }

        public void Dispose()
        {
            _process.Kill();
            _process.Dispose();
        }
    }
}
