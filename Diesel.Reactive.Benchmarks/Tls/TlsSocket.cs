using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Diesel.Reactive.Benchmarks.Tls;

/// <summary>A blocking client that believes everybody: the server is measured, not this.</summary>
internal sealed class TlsSocket : IDisposable
{
    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly SslStream _tls;

    public TlsSocket(int port, bool resumes)
    {
        _socket.Connect(IPAddress.Loopback, port);
        _tls = new SslStream(new NetworkStream(_socket, ownsSocket: true));
        _tls.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            AllowTlsResume = resumes,
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        });
    }

    public int Descriptor => (int)_socket.SafeHandle.DangerousGetHandle();

    public void Send(ReadOnlySpan<byte> bytes) => _tls.Write(bytes);

    /// <summary>What is there, or comes next; 0: the end.</summary>
    public int Receive(Span<byte> buffer) => _tls.Read(buffer);

    /// <summary>Says that it ends, as a client in good order does.</summary>
    public void EndOutput()
    {
        _tls.ShutdownAsync().Wait();
        _socket.Shutdown(SocketShutdown.Send);
    }

    public void Dispose() => _tls.Dispose();
}
