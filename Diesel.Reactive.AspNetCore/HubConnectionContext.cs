using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Diesel.Reactive.AspNetCore;

/// <summary>A connection as ASP.NET Core has it. The connection itself is one of its features.</summary>
internal sealed class HubConnectionContext : ConnectionContext, IConnectionIdFeature, IConnectionItemsFeature, IConnectionTransportFeature, IConnectionLifetimeFeature,
    IConnectionEndPointFeature
{
    private static long _lastId = Random.Shared.NextInt64(long.MaxValue / 2);

    private readonly Connection _connection;
    private readonly IDuplexPipe _pipe;
    private readonly CancellationTokenSource _closed = new();
    private IDictionary<object, object?>? _items;
    private string? _id;

    public HubConnectionContext(Connection connection)
    {
        (_connection, _pipe) = (connection, connection.AsPipe());
        (Transport, ConnectionClosed) = (_pipe, _closed.Token);
        (LocalEndPoint, RemoteEndPoint) = (connection.LocalEndPoint, connection.RemoteEndPoint);
        Features.Set(connection);
        Features.Set<IConnectionIdFeature>(this);
        Features.Set<IConnectionItemsFeature>(this);
        Features.Set<IConnectionTransportFeature>(this);
        Features.Set<IConnectionLifetimeFeature>(this);
        Features.Set<IConnectionEndPointFeature>(this);

        // What the server does about it is not for the hub's thread. As of its own transport, a peer that sends no more has closed.
        connection.PeerEnded.UnsafeRegister(
            static closed => ThreadPool.UnsafeQueueUserWorkItem(static each => each.Cancel(), (CancellationTokenSource)closed!, preferLocal: false), _closed);
    }

    public override string ConnectionId
    {
        get => _id ??= Interlocked.Increment(ref _lastId).ToString("X16", null);
        set => _id = value;
    }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override IDuplexPipe Transport { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public override void Abort() => _connection.Abort();

    public override void Abort(ConnectionAbortedException abortReason) => _connection.Abort();

    // What was written still goes out, in the connection's own time: a server that stops does not wait for slow peers.
    public override ValueTask DisposeAsync()
    {
        _pipe.Input.Complete();
        _pipe.Output.Complete();
        _connection.Dispose();
        return base.DisposeAsync();
    }

    public override string ToString() => _connection.ToString();
}
