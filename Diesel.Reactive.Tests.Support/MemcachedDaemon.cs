using System.Globalization;
using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>Debian's memcached, on a port of the loopback address; can be killed, and started again where it was.</summary>
internal sealed class MemcachedDaemon : IDisposable
{
    public const string Program = "/usr/bin/memcached";
    public const string Package = "memcached";

    private readonly string[] _more;
    private Daemon? _daemon;

    /// <param name="more">Further arguments; <c>{0}</c> in them stands for a folder of its own.</param>
    public MemcachedDaemon(params string[] more)
    {
        (_more, EndPoint) = (more, Daemon.FreePort());
        StartAgain();
    }

    public IPEndPoint EndPoint { get; }

    public int Port => EndPoint.Port;

    /// <summary>Its number among the system's processes.</summary>
    public int ProcessId => _daemon!.Id;

    public void Kill()
    {
        _daemon?.Dispose();
        _daemon = null;
    }

    public void StartAgain() => _daemon = new Daemon(
        Program, Package, null, EndPoint,
        ["-u", Environment.UserName == "root" ? "root" : "nobody", "-l", "127.0.0.1", "-p", EndPoint.Port.ToString(CultureInfo.InvariantCulture), "-U", "0", "-t", "1", .. _more]);

    public void Dispose() => Kill();
}
