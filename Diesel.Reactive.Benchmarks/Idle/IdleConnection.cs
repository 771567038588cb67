using Diesel.Reactive.Benchmarks.Echo;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Idle;

/// <summary>A client that has had a line echoed, and is silent.</summary>
internal sealed unsafe class IdleConnection : IDisposable
{
    static readonly LineTape Tape = new();

    readonly int _socket;

    public IdleConnection(int port)
    {
        _socket = RawSocket.Connect(RawSocket.Kind.Stream, port, nonBlocking: false);
        var echo = stackalloc byte[LineTape.LineLength];
        RawSocket.Send(_socket, Tape.At(0), LineTape.LineLength);
        if (RawSocket.Receive(_socket, echo, LineTape.LineLength) != LineTape.LineLength)
        {
            throw new NoResultException("the server did not give the line back");
        }
    }

    public void Dispose() => RawSocket.Close(_socket);
}
