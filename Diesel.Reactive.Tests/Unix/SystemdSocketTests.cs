using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>Sockets that were opened before the process began.</summary>
public partial class SystemdSocketTests
{
    [TestCase("7", "2", "web:dns", "web dns")]
    [TestCase("7", "3", "web", "web unknown unknown")]
    [TestCase("7", "2", null, "unknown unknown")]
    [TestCase("7", "2", ":dns:more", "unknown dns")]
    [TestCase("8", "2", "web:dns", "", TestName = "What_is_another_processes_is_nobodys")]
    [TestCase(null, "2", "web", "")]
    [TestCase("7", null, "web", "")]
    [TestCase("7", "0", "web", "")]
    [TestCase("7", "-1", "web", "")]
    [TestCase("7", "2147483647", "web", "")]
    [TestCase("seven", "two", "web", "")]
    public void The_environment_says_how_many_and_what_they_are_for(string? process, string? count, string? names, string expected) =>
        Assert.That(string.Join(' ', SystemdSocket.Of(process, count, names, 7).Select(static socket => socket.Name)), Is.EqualTo(expected));

    [Test]
    public void This_process_was_handed_over_none() =>
        Assert.That((SystemdSocket.All, SystemdSocket.Find(), SystemdSocket.Find("web")), Is.EqualTo((Array.Empty<SystemdSocket>(), (EndPoint?)null, (EndPoint?)null)));

    [Test]
    public void One_that_is_none_is_said([Values] bool portable)
    {
        using var live = new Live(new HubOptions { Portable = portable });
        var missing = SystemdSocket.Of("7", "4000", null, 7)[^1];
        Assert.That(() => live.Starts(new TcpService(missing, static c => c)), Throws.InstanceOf<ConnectionException>().With.Message.StartsWith(
            "Cannot listen at systemd's socket 'unknown' (descriptor 4002): "));
        Assert.That(() => live.Starts(new UdpService(missing, static s => s)), Throws.InstanceOf<ConnectionException>());
    }

    [TestCase("--fdname=web", "web")]
    [TestCase("", "unknown")]
    public void Systemds_own_tool_hands_one_over(string option, string names)
    {
        const string Tool = "/usr/bin/systemd-socket-activate";
        SampleTool.Require(Tool, "systemd");
        using var folder = new SocketFolder();
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec {Tool} {option} -l {folder.PathOf("s")} {Child.CommandOf("activated")}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            _ = process.StandardError.ReadLine();
            using var peer = new RawPeer(folder["s"]);
            Assert.That(process.StandardOutput.ReadLine(), Is.EqualTo(names));
            if (names == "web")
            {
                Assert.That(peer.ReadsToEnd().Text, Is.EqualTo($"{process.Id} {folder["s"]}\r\n"));
            }
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    [Test]
    public void Who_waits_when_the_process_ends_is_served_by_the_next()
    {
        using var folder = new SocketFolder();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)Live.Patience.TotalMilliseconds };
        listener.Bind(folder["s"]);
        listener.Listen();
        datagrams.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var (first, second) = (Served(), Served());
        Assert.That(first, Is.Not.EqualTo(second));
        Assert.That(folder.Names, Is.EqualTo("s"), "It is not the process's to remove.");

        int Served()
        {
            using var waiting = new RawPeer(folder["s"]);
            using var child = Activated(listener, datagrams, "web:dns");
            Assert.That(child.Line(), Is.EqualTo("web dns"));
            var answer = waiting.ReadsToEnd().Text.Split(' ');
            Assert.That(answer[1], Is.EqualTo($"{folder["s"]}\r\n"));
            Assert.That(Echo(datagrams.LocalEndPoint!), Is.EqualTo("ping"));
            child.Signal("TERM");
            Assert.That(child.Ends(), Is.EqualTo(("ended\n", 0)));
            return int.Parse(answer[0]);
        }
    }

    [Test]
    public void A_Unix_socket_for_datagrams_is_one_too_and_its_file_stays()
    {
        using var folder = new SocketFolder();
        using var datagrams = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        datagrams.Bind(folder["d"]);
        listener.Bind(folder["s"]);
        listener.Listen();
        using var child = Activated(listener, datagrams, "web:dns");
        Assert.That(child.Line(), Is.EqualTo("web dns"));
        using var asker = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = (int)Live.Patience.TotalMilliseconds };
        asker.Bind(folder["c"]);
        asker.SendTo("ping"u8, folder["d"]);
        var buffer = new byte[10];
        Assert.That(Encoding.ASCII.GetString(buffer, 0, asker.Receive(buffer)), Is.EqualTo("ping"));
        child.Signal("TERM");
        Assert.That(child.Ends(), Is.EqualTo(("ended\n", 0)));
        Assert.That(folder.Names, Is.EqualTo("c d s"));
    }

    [Test]
    public void A_socket_of_the_wrong_kind_is_said()
    {
        using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var unconnected = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var child = Activated(datagrams, unconnected, "web:dns");
        Assert.That(child.Line(), Is.EqualTo("web dns"));
        Assert.That(child.Errors(), Does.Contain("Cannot listen at systemd's socket 'web' (descriptor 3): a listening stream socket is needed (ListenStream=, Accept=no)."));
    }

    private static string Echo(EndPoint to)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)Live.Patience.TotalMilliseconds };
        socket.SendTo("ping"u8, to);
        var buffer = new byte[10];
        return Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
    }

    // As systemd does it: two descriptors, and three variables. What is to be inherited must not be closed on exec.
    private static Child Activated(Socket web, Socket dns, string names)
    {
        var (one, other) = (Duplicate((int)web.Handle), Duplicate((int)dns.Handle));
        try
        {
            return new Child("activated", $$"""exec /bin/bash -c "exec 3<&{{one}} 4<&{{other}}; export LISTEN_FDS=2 LISTEN_FDNAMES={{names}} LISTEN_PID=\$\$; exec {{Child.CommandOf("activated")}}" """.TrimEnd());
        }
        finally
        {
            _ = Close(one);
            _ = Close(other);
        }
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
