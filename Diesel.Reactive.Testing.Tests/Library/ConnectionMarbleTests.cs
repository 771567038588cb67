using System.Reactive.Subjects;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class ConnectionMarbleTests
{
    private static readonly TcpConnectOptions Small = new() { HighWaterMark = 4, LowWaterMark = 2 };
    private static readonly LinkConditions Narrow = new() { Window = 2 };

    [MarbleFile("read.marble")]
    public void Reading(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var line = new MarbleLine(stage);
        line.PeerSends("in");
        foreach (var name in stage.Results)
        {
            stage.Expect(name, stage.Form == "connection.Read(Framing.Lines())" ? line.Connection.Read(Framing.Lines()) : throw stage.Unknown());
        }
    });

    [MarbleFile("pause.marble")]
    public void Pausing(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var line = new MarbleLine(stage);
        line.PeerSends("in");
        stage.During("pause", line.Connection.Pause);
        return stage.Form == "connection.Lines()" ? line.Connection.Lines() : throw stage.Unknown();
    });

    [MarbleFile("half-close.marble")]
    public void Half_closing(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var line = new MarbleLine(stage);
        line.PeerSends("in");
        line.PeerReceives("out");
        stage.Bytes("send").Subscribe(stage.Form == "connection.OnCompleted()" ? line.Connection : throw stage.Unknown());
        stage.Expect("lines", line.Connection.Lines());
    });

    [MarbleFile("send.marble")]
    public void Sending(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        var done = new Subject<string>();
        var line = new MarbleLine(stage, stage.Form == "connection.OnNext(bytes), MaxPendingBytes = 4" ? Small with { MaxPendingBytes = 4 } : Small, Narrow);
        stage.On("send", text => line.Connection.Send(text.ToBytes()).Subscribe(_ => done.OnNext(text), _ => { }));
        stage.During("peer", line.Peer.Pause);
        switch (stage.Form)
        {
            case "connection.Send(bytes)":
                stage.Expect("sent", done);
                line.PeerReceives("out");
                break;
            case "connection.Writable":
                stage.Expect("writable", line.Connection.Writable, isWritable => isWritable ? "▶" : "■");
                line.PeerReceives("out");
                break;
            case "connection.OnNext(bytes), MaxPendingBytes = 4":
                stage.Expect("read", line.Connection.Read(Framing.Chunk()));
                break;
            default:
                throw stage.Unknown();
        }
    });

    [MarbleFile("tcp-connect.marble")]
    public void Connecting(MarbleCase marble) => MarbleStage.Play(marble, stage =>
    {
        stage.Network.Conditions = new() { Latency = stage.Time("latency") };
        var server = stage.Network.Host("server");
        switch (stage.Form)
        {
            case "Tcp.Connect(host, port)" when stage.Has("accepted"):
                stage.Expect("accepted", Tcp.Listen(new System.Net.IPEndPoint(server.Addresses[0], 7), hub: stage.HubOn(server.Name)), _ => "✓");
                break;
            case "Tcp.Connect(host, port, ConnectTimeout = limit)":
                stage.Network.Silence("server");
                break;
        }

        var options = stage.Has("limit") ? new TcpConnectOptions { ConnectTimeout = stage.Time("limit") } : null;
        stage.Expect("connected", Tcp.Connect("server", 7, options, stage.Hub), _ => "✓");
    });
}
