using System.Reactive.Linq;
using Diesel.Reactive;

namespace DieselProtocol;

/// <summary>The server's side. All of it runs on the service's hub, so that it needs no lock.</summary>
public sealed class Store
{
    private const int MaxKeys = 100_000;
    private readonly Dictionary<string, string> _values = [];

    public TcpService Service(int port) => new(port, connection => connection.Decode(Codec.Requests).Select(Answer));

    private ReadOnlyMemory<byte> Answer(string[] request) => $"{Reply(request)}\r\n".ToBytes();

    private string Reply(string[] request)
    {
        switch (request)
        {
            case ["get", var key]:
                return _values.TryGetValue(key, out var value) ? $"${value}" : "-";
            case ["set", var key, var text] when _values.Count < MaxKeys:
                _values[key] = text;
                return "+";
            default:
                return "!what?";
        }
    }
}
