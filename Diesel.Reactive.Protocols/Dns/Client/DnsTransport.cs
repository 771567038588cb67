namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Over what a message goes.</summary>
public enum DnsTransport
{
    /// <summary>Datagrams; what is too long for one comes by TCP.</summary>
    Udp,

    /// <summary>A connection (RFC 7766).</summary>
    Tcp,

    /// <summary>An encrypted connection (RFC 7858).</summary>
    Tls,

    /// <summary>Requests of HTTP (RFC 8484).</summary>
    Http,
}
