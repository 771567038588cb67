using System.Net;

namespace Diesel.Reactive;

/// <summary>By way of which proxy a connection was made: <c>connection.Feature&lt;ProxyTunnel&gt;()</c>.</summary>
/// <param name="Proxy">The one that was asked.</param>
/// <param name="ProxyEndPoint">Its address, as it was dialled.</param>
public sealed record ProxyTunnel(ForwardProxy Proxy, EndPoint ProxyEndPoint);
