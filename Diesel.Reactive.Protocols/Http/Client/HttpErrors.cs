using System.Security.Authentication;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Errors as HttpClient tells them.</summary>
internal static class HttpErrors
{
    /// <summary>Why there is no answer.</summary>
    public static Exception OfRequest(Exception error) => error switch
    {
        HttpRequestException or ObjectDisposedException or OperationCanceledException => error,
        _ => new HttpRequestException(KindOf(error), error.Message, error),
    };

    /// <summary>Why a body is not whole.</summary>
    public static Exception OfBody(Exception error) => error is HttpIOException or ObjectDisposedException ? error : new HttpIOException(KindOf(error), error.Message, error);

    private static HttpRequestError KindOf(Exception error) => error switch
    {
        HttpRefusedException { Rule: "RFC 6585 §5" } => HttpRequestError.ConfigurationLimitExceeded,
        PoolExhaustedException or PoolTimeoutException => HttpRequestError.ConfigurationLimitExceeded,
        ProxyException => HttpRequestError.ProxyTunnelError,
        TlsException or AuthenticationException => HttpRequestError.SecureConnectionError,
        TruncatedFrameException => HttpRequestError.ResponseEnded,
        ProtocolException => HttpRequestError.InvalidResponse,
        NotSupportedException => HttpRequestError.UserAuthenticationError,
        ConnectionException { InnerException: System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.HostNotFound or System.Net.Sockets.SocketError.NoData or System.Net.Sockets.SocketError.TryAgain } } => HttpRequestError.NameResolutionError,
        ConnectionException { InnerException: System.Net.Sockets.SocketException } => HttpRequestError.ConnectionError,
        ConnectionException => HttpRequestError.ResponseEnded,
        _ => HttpRequestError.Unknown,
    };
}
