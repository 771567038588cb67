namespace Diesel.Reactive.Protocols.Http;

/// <summary>Where a call was led: how often elsewhere, and to which logins.</summary>
internal sealed class HttpDetours
{
    public int Redirects { get; set; }

    /// <summary>The login at the server; null: none was asked for.</summary>
    public HttpLogin? Server { get; set; }

    /// <summary>The login at the proxy.</summary>
    public HttpLogin? Proxy { get; set; }
}
