using System.Net;
using System.Text;

namespace Diesel.Reactive;

/// <summary>A SOCKS5 proxy: connects to IPv4 and IPv6 addresses, and to hosts by name, which it resolves itself.</summary>
/// <remarks>With a <see cref="ForwardProxy.User"/> it is offered name and password, too, which go over the wire as they are. Its refusals are
/// <see cref="ProxyException"/>. Source: RFC 1928 and RFC 1929.</remarks>
public sealed record Socks5Proxy : ForwardProxy
{
    /// <summary>A proxy at a host's port.</summary>
    /// <param name="host">A name, or an address in text.</param>
    /// <param name="port">1 to 65535; 1080 is usual.</param>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public Socks5Proxy(string host, int port = 1080)
        : base(EndPoints.Remote(host, port))
    {
    }

    /// <summary>A proxy at an endpoint.</summary>
    /// <param name="endPoint">As <c>Tcp.Connect</c> takes it; a Unix socket's, say.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Its port is 0.</exception>
    public Socks5Proxy(EndPoint endPoint)
        : base(endPoint)
    {
    }

    private protected override string Kind => "SOCKS5 proxy";

    private protected override Exchange Ask(EndPoint destination)
    {
        var (request, login) = (Socks5Codec.Request(destination) ?? throw NoSuchEndPoint(destination), Login());
        var asked = new Exchange(request, Socks5Codec.Reply.Select(Exchange? (reply) =>
            reply == Socks5Codec.Succeeded ? null : throw Refused(destination, reply, Socks5Codec.Meaning(reply))));
        return new Exchange(Socks5Codec.Greeting(withLogin: login is not null), Socks5Codec.Choice.Select(Exchange? (method) => method switch
        {
            Socks5Codec.NoLogin => asked,
            Socks5Codec.WithLogin when login is not null => new Exchange(login, Socks5Codec.LoginAnswer.Select(Exchange? (status) =>
                status == Socks5Codec.Succeeded ? asked : throw Refused(destination, status, "name or password is wrong. Check User and Password."))),
            Socks5Codec.NoneOfThese => throw Refused(destination, method, login is null
                ? "it wants a login. Set User and Password."
                : "it takes neither nobody's requests nor a login by name and password."),
            _ => throw new ProtocolException($"It chose the method {method}, which it was not offered."),
        }));
    }

    private byte[]? Login() => User is null ? null
        : Socks5Codec.Login(Encoding.UTF8.GetBytes(User), Encoding.UTF8.GetBytes(Password ?? ""))
            ?? throw new InvalidOperationException($"The user's name for the {this} has 1 to 255 bytes in UTF-8, and the password 255 at most.");
}
