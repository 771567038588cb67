using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Benchmarks.Stress;

/// <summary>The client's end of a connection: a plain socket, or this library's.</summary>
internal abstract class Wire : IDisposable
{
    /// <summary>Some bytes; none after the peer's FIN.</summary>
    public abstract Task<ReadOnlyMemory<byte>> Read(int most);

    public abstract Task Write(ReadOnlyMemory<byte> bytes);

    public abstract void EndOutput();

    public abstract void Reset();

    public abstract Task Sleep(TimeSpan duration);

    public abstract void Dispose();
}

internal sealed class SocketWire : Wire
{
    const int SmallBuffer = 4096;

    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly byte[] _buffer = new byte[64 * 1024];

    public static async Task<Wire> Connect(IPEndPoint server, bool narrow)
    {
        var wire = new SocketWire();
        if (narrow)
        {
            wire._socket.SendBufferSize = SmallBuffer;
            wire._socket.ReceiveBufferSize = SmallBuffer;
        }

        await wire._socket.ConnectAsync(server);
        return wire;
    }

    public override async Task<ReadOnlyMemory<byte>> Read(int most)
    {
        var count = await _socket.ReceiveAsync(_buffer.AsMemory(0, Math.Min(most, _buffer.Length)));
        return _buffer.AsMemory(0, count);
    }

    public override async Task Write(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes)..];
        }
    }

    public override void EndOutput() => _socket.Shutdown(SocketShutdown.Send);

    public override void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public override Task Sleep(TimeSpan duration) => Task.Delay(duration);

    public override void Dispose() => _socket.Dispose();
}

internal sealed class HubWire(Hub hub, Connection connection) : Wire
{
    static readonly TcpConnectOptions Options = new() { ConnectTimeout = TimeSpan.FromMinutes(1), CloseTimeout = TimeSpan.FromMinutes(1) };

    public static async Task<Wire> Connect(Hub hub, IPEndPoint server) =>
        new HubWire(hub, await Tcp.Connect(server.Address.ToString(), server.Port, Options, hub));

    public override async Task<ReadOnlyMemory<byte>> Read(int most)
    {
        try
        {
            return await connection.Read(Framing.Chunk());
        }
        catch (EndOfStreamException)
        {
            return default;
        }
    }

    public override async Task Write(ReadOnlyMemory<byte> bytes) => await connection.Send(bytes);

    public override void EndOutput() => connection.OnCompleted();

    public override void Reset() => connection.Abort();

    public override async Task Sleep(TimeSpan duration) => await hub.Sleep(duration);

    public override void Dispose() => connection.Dispose();
}
