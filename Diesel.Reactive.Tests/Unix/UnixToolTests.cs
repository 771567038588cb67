using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>Programs of the system at the other end of a Unix socket.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class UnixToolTests(Func<Hub> newHub)
{
    private const string Socat = "/usr/bin/socat";

    private Live _live = null!;
    private SocketFolder _folder = null!;

    [SetUp]
    public void Start() => (_live, _folder) = (new Live(newHub()), new SocketFolder());

    [TearDown]
    public void Stop()
    {
        _live.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Curl_talks_to_a_service()
    {
        SampleTool.Require("/usr/bin/curl", "curl");
        _live.Starts(new TcpService(_folder["s"], async connection =>
        {
            var line = await connection.Read(Framing.Lines());
            await connection.Send($"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nYou asked: {line}".ToBytes());
        }));
        var (code, text) = await SampleTool.Run("/usr/bin/curl", "--silent", "--unix-socket", _folder.PathOf("s"), "http://host/path");
        Assert.That((code, text), Is.EqualTo((0, "You asked: GET /path HTTP/1.1")));
    }

    [Test]
    public async Task Socat_talks_to_a_service([Values] bool isAbstract)
    {
        SampleTool.Require(Socat, "socat");
        var path = _folder.PathOf("s");
        var at = isAbstract ? new UnixDomainSocketEndPoint($"\0{path}") : _folder["s"];
        _live.Starts(new TcpService(at, static _ => Observable.Return("hello\n".ToBytes())));
        var (code, text) = await SampleTool.Run(Socat, "-u", isAbstract ? $"ABSTRACT-CONNECT:{path}" : $"UNIX-CONNECT:{path}", "STDOUT");
        Assert.That((code, text), Is.EqualTo((0, "hello\n")));
    }

    [Test]
    public async Task The_kernel_says_who_it_is()
    {
        SampleTool.Require(Socat, "socat");
        var path = _folder.PathOf("s");
        _live.Starts(new TcpService(new UnixDomainSocketEndPoint($"\0{path}"), static c =>
            Observable.Return((c.Feature<PeerCredentials>() is { } peer ? $"{peer.UserId} {peer.GroupId}\n" : "nobody\n").ToBytes())));
        string[] talk = [Socat, "-u", $"ABSTRACT-CONNECT:{path}", "STDOUT"];
        var (_, ids) = await SampleTool.Run("/bin/sh", "-c", "echo $(id -u) $(id -g)");
        var (code, text) = await SampleTool.Run(talk[0], talk[1..]);
        Assert.That((code, text), Is.EqualTo((0, ids)));

        // Only root can be somebody else.
        if (Environment.IsPrivilegedProcess)
        {
            SampleTool.Require("/usr/bin/setpriv", "util-linux");
            (code, text) = await SampleTool.Run("/usr/bin/setpriv", ["--reuid=65534", "--regid=65533", "--clear-groups", .. talk]);
            Assert.That((code, text), Is.EqualTo((0, "65534 65533\n")));
        }
    }

    [Test]
    public void A_client_talks_to_socat([Values] bool isAbstract)
    {
        var path = _folder.PathOf("s");
        var at = isAbstract ? new UnixDomainSocketEndPoint($"\0{path}") : _folder["s"];
        using var socat = new Daemon(Socat, "socat", null, at, isAbstract ? $"ABSTRACT-LISTEN:{path},fork" : $"UNIX-LISTEN:{path},fork", "PIPE");
        var echo = _live.Run(async () =>
        {
            using var connection = await Tcp.Connect(at);
            var knows = connection.Feature<PeerCredentials>() is not null;
            connection.OnNext("A\r\n".ToBytes());
            connection.OnCompleted();
            return (await connection.Aggregate("", static (text, chunk) => text + chunk.ToText()), knows);
        });
        Assert.That(echo, Is.EqualTo(("A\r\n", true)));
    }
}
