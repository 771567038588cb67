using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>Proxies of others, at a port of this machine.</summary>
internal static class ProxyDaemons
{
    /// <param name="front">Where it listens.</param>
    /// <param name="server">What stands in its <c>stream</c>.</param>
    public static Daemon Nginx(IPEndPoint front, string server) => new("/usr/sbin/nginx", "nginx", $$"""
        daemon off;
        master_process off;
        pid {0}/pid;
        error_log stderr;
        load_module /usr/lib/nginx/modules/ngx_stream_module.so;
        events { }
        stream { {{server}} }
        """, front, "-c", "{0}/config", "-p", "{0}", "-e", "stderr");

    public static Daemon HaProxy(IPEndPoint front, string sections) => new(
        "/usr/sbin/haproxy",
        "haproxy",
        $"defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n{sections}\n",
        front,
        "-q", "-db", "-f", "{0}/config");

    /// <param name="at">Where it listens.</param>
    /// <param name="user">Who may use it, with the password <c>secret</c>; null: everybody.</param>
    public static Daemon Socks(IPEndPoint at, string? user = null) => new(
        "/usr/bin/microsocks", "microsocks", null, at, ["-i", "127.0.0.1", "-p", $"{at.Port}", .. user is null ? Array.Empty<string>() : ["-u", user, "-P", "secret"]]);

    /// <inheritdoc cref="Socks"/>
    public static Daemon Http(IPEndPoint at, string? user = null) => new(
        "/usr/bin/tinyproxy",
        "tinyproxy-bin",
        $"Port {at.Port}\nListen 127.0.0.1\nTimeout 30\nMaxClients 10\n{(user is null ? "" : $"BasicAuth {user} secret\n")}",
        at,
        "-d", "-c", "{0}/config");
}
