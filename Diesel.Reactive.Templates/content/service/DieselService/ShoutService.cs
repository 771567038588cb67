using System.Reactive.Linq;
using Diesel.Reactive;

namespace DieselService;

/// <summary>Answers each line with the same in capitals.</summary>
public static class ShoutService
{
    // A line that is longer than this ends its connection.
    private const int MaxLine = 1024;

    public static TcpService On(int port) => new(port, connection =>
        connection.Lines(maxLength: MaxLine).Select(line => (ReadOnlyMemory<byte>)$"{line.ToUpperInvariant()}\r\n".ToBytes()));
}
