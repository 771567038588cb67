using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>Real servers of names that serve the sample zone, or hand on to one that does.</summary>
internal sealed class DnsDaemon : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dns-").FullName;
    private readonly Daemon _daemon;

    private DnsDaemon(Func<string, int, Daemon> start)
    {
        Port = Daemon.FreePort().Port;
        _daemon = start(_folder, Port);
    }

    public int Port { get; }

    public string Server => $"127.0.0.1:{Port}";

    public static DnsDaemon Bind(string? zone = null, string more = "", string inZone = "allow-transfer { any; };", string listensMore = "") => new((folder, port) =>
    {
        File.WriteAllText(Path.Combine(folder, "zone"), zone ?? DnsSample.Zone);
        return new Daemon("/usr/sbin/named", "bind9", $$"""
            options {
                directory "{{folder}}"; pid-file "{{folder}}/pid"; session-keyfile "{{folder}}/key"; managed-keys-directory "{{folder}}";
                listen-on port {{port}} { 127.0.0.1; }; {{listensMore}} listen-on-v6 { none; };
                recursion no; dnssec-validation no; minimal-responses yes; tcp-clients 1000; check-names primary ignore;
            };
            controls { };
            {{more}}
            zone "example.test" { type primary; file "{{folder}}/zone"; {{inZone}} };
            """, new IPEndPoint(IPAddress.Loopback, port), "-f", "-n", "1", "-c", "{0}/config");
    });

    public static DnsDaemon Nsd(string? zone = null) => new((folder, port) =>
    {
        File.WriteAllText(Path.Combine(folder, "zone"), zone ?? DnsSample.Zone);
        return new Daemon("/usr/sbin/nsd", "nsd", $"""
            server:
                ip-address: 127.0.0.1@{port}
                zonesdir: "{folder}"
                database: ""
                pidfile: "{folder}/pid"
                xfrdfile: "{folder}/xfrd"
                zonelistfile: "{folder}/zones"
                username: ""
                chroot: ""
                server-count: 1
            remote-control:
                control-enable: no
            zone:
                name: example.test
                zonefile: zone
            """, new IPEndPoint(IPAddress.Loopback, port), "-d", "-c", "{0}/config");
    });

    public static DnsDaemon Unbound(DnsDaemon of) => new((folder, port) => new Daemon("/usr/sbin/unbound", "unbound", $"""
        server:
            interface: 127.0.0.1
            port: {port}
            do-daemonize: no
            username: ""
            chroot: ""
            directory: "{folder}"
            pidfile: "{folder}/pid"
            use-syslog: no
            module-config: "iterator"
            do-not-query-localhost: no
            local-zone: "test." nodefault
        remote-control:
            control-enable: no
        forward-zone:
            name: "."
            forward-addr: 127.0.0.1@{of.Port}
        """, new IPEndPoint(IPAddress.Loopback, port), "-c", "{0}/config"));

    public static DnsDaemon Dnsmasq(DnsDaemon of) => new((folder, port) => new Daemon(
        "/usr/sbin/dnsmasq", "dnsmasq-base", null, new IPEndPoint(IPAddress.Loopback, port),
        "-k", "-c", "0", "-p", $"{port}", "--listen-address=127.0.0.1", "--bind-interfaces", "--no-resolv", "--no-hosts", "-C", "/dev/null", $"--server=127.0.0.1#{of.Port}", "-u", "root", $"--pid-file={folder}/pid"));

    /// <summary>The bytes of its answer, by TCP where a datagram does not do.</summary>
    public byte[] Ask(byte[] query)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };
        socket.Connect(IPAddress.Loopback, Port);
        socket.Send(query);
        var reply = new byte[65535];
        reply = reply[..socket.Receive(reply)];
        return (reply[2] & 2) == 0 ? reply : AskByTcp(query);
    }

    public void Dispose()
    {
        _daemon.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private byte[] AskByTcp(byte[] query)
    {
        using var client = new TcpClient("127.0.0.1", Port) { ReceiveTimeout = 5000 };
        var stream = client.GetStream();
        stream.Write([(byte)(query.Length >> 8), (byte)query.Length, .. query]);
        var head = new byte[2];
        stream.ReadExactly(head);
        var reply = new byte[(head[0] << 8) | head[1]];
        stream.ReadExactly(reply);
        return reply;
    }
}
