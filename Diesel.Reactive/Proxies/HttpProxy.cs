using System.Net;
using System.Text;

namespace Diesel.Reactive;

/// <summary>An HTTP proxy that is asked with <c>CONNECT</c>, for any kind of connection; many allow port 443 only.</summary>
/// <remarks>With a <see cref="ForwardProxy.User"/> it is given name and password as Basic authentication, which go over the wire as they
/// are. Its refusals are <see cref="ProxyException"/>. Source: RFC 9110, section 9.3.6, and RFC 7617.</remarks>
public sealed record HttpProxy : ForwardProxy
{
    private const int MostInterim = 8;

    /// <summary>A proxy at a host's port.</summary>
    /// <param name="host">A name, or an address in text.</param>
    /// <param name="port">1 to 65535; 3128 and 8080 are usual.</param>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public HttpProxy(string host, int port)
        : base(EndPoints.Remote(host, port))
    {
    }

    /// <summary>A proxy at an endpoint.</summary>
    /// <param name="endPoint">As <c>Tcp.Connect</c> takes it; a Unix socket's, say.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Its port is 0.</exception>
    public HttpProxy(EndPoint endPoint)
        : base(endPoint)
    {
    }

    private protected override string Kind => "HTTP proxy";

    private protected override Exchange Ask(EndPoint destination)
    {
        var authority = ProxyTarget.Authority(destination) ?? throw NoSuchEndPoint(destination);
        return new Exchange(Encoding.ASCII.GetBytes(HttpConnectCodec.Request(authority, Credentials())), Answer(destination, MostInterim));
    }

    private Framing<Exchange?> Answer(EndPoint destination, int interim) => HttpConnectCodec.Answer.Select(Exchange? (answer) => answer.Status switch
    {
        >= 200 and < 300 => null,
        >= 100 and < 200 and not 101 when interim > 0 => new Exchange(default, Answer(destination, interim - 1)),
        407 => throw Refused(destination, 407, User is null
            ? "it wants a login (407). Set User and Password."
            : $"it did not take the login (407). Check User and Password; it offers {answer.Schemes}, and Basic is what it was given."),
        403 or 405 => throw Refused(destination, answer.Status, $"its rules do not allow that ({answer}). Many allow port 443 only."),
        502 or 503 => throw Refused(destination, answer.Status, $"it could not connect ({answer}). Is something listening there?"),
        504 => throw Refused(destination, answer.Status, $"it got no answer in time ({answer})."),
        _ => throw Refused(destination, answer.Status, $"it answered {answer}."),
    });

    private string? Credentials() => User is null ? null
        : !User.Contains(':') && !User.Concat(Password ?? "").Any(char.IsControl) ? $"{User}:{Password}"
        : throw new InvalidOperationException($"The user's name for the {this} has no colon, and neither it nor the password has control characters.");
}
