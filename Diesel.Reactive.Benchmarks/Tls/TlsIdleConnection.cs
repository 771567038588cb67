using Diesel.Reactive.Benchmarks.Echo;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Tls;

/// <summary>As <see cref="Idle.IdleConnection"/>, over TLS.</summary>
internal static unsafe class TlsIdleConnection
{
    static readonly LineTape Tape = new();

    public static IDisposable Open(int port)
    {
        var socket = new TlsSocket(port, resumes: false);
        socket.Send(new ReadOnlySpan<byte>(Tape.At(0), LineTape.LineLength));
        Span<byte> echo = stackalloc byte[LineTape.LineLength];
        for (var got = 0; got < echo.Length;)
        {
            got += socket.Receive(echo[got..]) is > 0 and var count ? count : throw new NoResultException("the server closed a connection");
        }

        return socket;
    }
}
