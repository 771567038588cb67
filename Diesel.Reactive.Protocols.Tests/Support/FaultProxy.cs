using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>Stands between a client and a server on real sockets, and does what networks do: cuts what the server sends anew, holds it, loses some of it, resets.</summary>
internal sealed class FaultProxy : IDisposable
{
    private readonly Live _live = new();
    private readonly int _server;
    private readonly Random _random;
    private readonly HashSet<Connection> _open = [];
    private readonly TcpService _service;
    private volatile bool _holds;
    private int _drops;
    private int _dials;

    public FaultProxy(int server, int seed = 0)
    {
        (_server, _random) = (server, new Random(seed));
        _service = _live.Starts(new TcpService(new IPEndPoint(IPAddress.Loopback, 0), Serve, hub: _live.Hub));
    }

    public int Port => _service.Port;

    /// <summary>Connections so far.</summary>
    public int Dials => Volatile.Read(ref _dials);

    /// <summary>Whether what the server sends comes in pieces of any size.</summary>
    public bool Cuts { get; init; }

    /// <summary>Whether what the server sends waits here.</summary>
    public bool Holds
    {
        get => _holds;
        set => _holds = value;
    }

    /// <summary>So many bytes of what the server sends next do not arrive.</summary>
    public void Drops(int bytes) => Interlocked.Exchange(ref _drops, bytes);

    /// <summary>Resets all connections, on both sides.</summary>
    public void Resets() => _live.Do(() => _open.ToList().ForEach(static connection => connection.Abort()));

    /// <summary>From now on faults come at random, until that is disposed.</summary>
    public IDisposable Worries() => _live.Hub.Fork(async () =>
    {
        while (true)
        {
            await _live.Hub.Sleep(TimeSpan.FromMilliseconds(_random.Next(1, 20)));
            if (_random.Next(4) == 0)
            {
                _open.ToList().ForEach(static connection => connection.Abort());
            }
            else
            {
                _holds = true;
                await _live.Hub.Sleep(TimeSpan.FromMilliseconds(_random.Next(5)));
                _holds = false;
            }
        }
    });

    public void Dispose() => _live.Dispose();

    private async Task Serve(Connection client)
    {
        Interlocked.Increment(ref _dials);
        _open.Add(client);
        Connection? server = null;
        try
        {
            server = await Tcp.Connect("127.0.0.1", _server);
            _open.Add(server);
            using var asking = client.Subscribe(server);
            while (true)
            {
                await Pass(await server.ReadSome(Cuts ? _random.Next(1, 2000) : int.MaxValue), client);
            }
        }
        catch (IOException)
        {
            // Lost, or at its end: so is the other side.
        }
        finally
        {
            server?.Abort();
            client.Abort();
            _open.Remove(client);
            _open.Remove(server!);
        }
    }

    private async Task Pass(ReadOnlyMemory<byte> bytes, Connection client)
    {
        while (_holds)
        {
            await _live.Hub.Sleep(TimeSpan.FromMilliseconds(1));
        }

        var dropped = Math.Min(bytes.Length, Volatile.Read(ref _drops));
        Interlocked.Add(ref _drops, -dropped);
        client.OnNext(bytes[dropped..]);
        if (Cuts && _random.Next(4) == 0)
        {
            // What is sent in one turn leaves together.
            await _live.Hub.Sleep(TimeSpan.Zero);
        }

        await client.Room();
    }
}
