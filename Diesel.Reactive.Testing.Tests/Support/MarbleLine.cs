using System.Net;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A connection on a stage, and the peer at its other end, which plays rows.</summary>
internal sealed class MarbleLine
{
    private const int Port = 7;

    public MarbleLine(MarbleStage stage, TcpConnectOptions? options = null, LinkConditions? link = null)
    {
        Stage = stage;
        stage.Network.Conditions = link ?? stage.Network.Conditions;
        Tcp.Listen(new IPEndPoint(IPAddress.Loopback, Port), hub: stage.Hub).Subscribe(peer => Peer = peer);
        Tcp.Connect("localhost", Port, options, stage.Hub).Subscribe(connection => Connection = connection);
        stage.Settle();
    }

    public MarbleStage Stage { get; }

    public Connection Connection { get; private set; } = null!;

    public Connection Peer { get; private set; } = null!;

    /// <summary>The peer sends a row: its end is half a close, its failure a reset.</summary>
    public void PeerSends(string row) => Stage.Bytes(row).Subscribe(Peer.OnNext, _ => Peer.Abort(), Peer.OnCompleted);

    /// <summary>A row is what the peer receives, chunk by chunk.</summary>
    public void PeerReceives(string row) => Stage.Expect(row, Peer.AsObservable());
}
