using System.Security.Authentication;
using System.Security.Cryptography;

namespace Diesel.Reactive;

/// <summary>What went wrong with TLS, as a reader of the error wants it.</summary>
internal static class TlsFailures
{
    private const int MostShown = 40;

    public static TlsException NotTls(ITransport with, ReadOnlySpan<byte> first) => At(with, new(
        TlsFault.NotTls,
        $"The peer does not speak TLS: it began with '{Text(first)}'. Is it the right port, and does one of the two sides speak plain text?"));

    public static ConnectionException Ended(ITransport with) => new(
        $"The peer {with.RemoteEndPoint} ended the connection before TLS was agreed on. Does it speak TLS at that port, and does its log say why?", with.RemoteEndPoint);

    /// <param name="with">Whom it was with.</param>
    /// <param name="error">How it was lost.</param>
    /// <param name="why">What was wrong before; null: nothing.</param>
    public static ConnectionException Lost(ITransport with, ConnectionException error, TlsException? why = null) => new(
        $"{error.Message.TrimEnd('.')}, before TLS was agreed on. {why?.Message}".TrimEnd(), with.RemoteEndPoint, why ?? error.InnerException);

    public static TimeoutException Late(ITransport with, TimeSpan limit) => new(
        $"TLS was not agreed on with {with.RemoteEndPoint} within {nameof(TlsOptions.HandshakeTimeout)} ({limit}). Does it speak TLS at that port?");

    /// <summary>The handshake threw.</summary>
    /// <param name="with">Whom it was with.</param>
    /// <param name="error">What it threw.</param>
    /// <param name="check">What the check of the peer's certificate found; null: nothing.</param>
    public static Exception NotAgreed(ITransport with, Exception error, TlsException? check) => (check ?? error) switch
    {
        TlsException found => At(with, new(found.Fault, $"TLS was not agreed on with the peer: {found.Message}", error)),
        AuthenticationException or IOException or CryptographicException => At(with, new(
            IsAlert(error) ? TlsFault.Refused : TlsFault.Handshake, $"TLS was not agreed on with the peer: {Reason(error)}", error)),
        var own => own,
    };

    /// <summary>An open connection received, or was to send, what TLS cannot make anything of.</summary>
    public static ConnectionException Broken(ITransport with, Exception error) => new(
        $"The {with} was reset, as TLS has failed: {Reason(error)}",
        with.RemoteEndPoint,
        new TlsException(IsAlert(error) ? TlsFault.Refused : TlsFault.Handshake, Reason(error), error));

    // The system's own words are at the bottom; what is above them says "see inner exception".
    private static string Reason(Exception error)
    {
        var said = error.Message.Contains("alert", StringComparison.OrdinalIgnoreCase) ? error : error.GetBaseException();
        return Label.OneLine(Label.MessageOf(said));
    }

    private static bool IsAlert(Exception error)
    {
        for (var each = error; each is not null; each = each.InnerException)
        {
            if (each.Message.Contains("alert", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static TlsException At(ITransport with, TlsException error)
    {
        error.EndPoint = with.RemoteEndPoint;
        return error;
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[Math.Min(bytes.Length, MostShown)];
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = bytes[i] is >= 0x20 and < 0x7f and var letter ? (char)letter : '.';
        }

        return text.ToString();
    }
}
