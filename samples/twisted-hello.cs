#:project ../Diesel.Reactive

// The Twisted tutorial's first server: prints whatever arrives. Try it with: telnet 127.0.0.1 8000
using System.Reactive.Linq;
using Diesel.Reactive;

using var output = Console.OpenStandardOutput();
Application.Quickstart(new TcpService(args.Port(8000), Print, new()
{
    Listening = endPoint => Console.WriteLine($"listening on {endPoint}"),
}));

IObservable<ReadOnlyMemory<byte>> Print(Connection connection) =>
    connection.Do(chunk => output.Write(chunk.Span)).IgnoreElements();
