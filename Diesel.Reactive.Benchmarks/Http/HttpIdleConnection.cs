using System.Reactive.Disposables;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Http;

/// <summary>A client that has had a request answered, is kept alive, and is silent.</summary>
internal static unsafe class HttpIdleConnection
{
    static ReadOnlySpan<byte> Request => "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: idle\r\nAccept: */*\r\n\r\n"u8;

    public static IDisposable Open(int port)
    {
        var socket = RawSocket.Connect(RawSocket.Kind.Stream, port, nonBlocking: false);
        fixed (byte* request = Request)
        {
            RawSocket.Send(socket, request, Request.Length);
        }

        var room = stackalloc byte[1024];
        var got = 0;
        while (!new ReadOnlySpan<byte>(room, got).EndsWith("Hello, World!"u8))
        {
            got += RawSocket.Receive(socket, room + got, 1024 - got) is > 0 and var count ? count : throw new NoResultException("the server did not answer");
        }

        return Disposable.Create(socket, RawSocket.Close);
    }
}
