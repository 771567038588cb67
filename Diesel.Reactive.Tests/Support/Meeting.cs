using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>Services and those who dial them, on one hub, in a <see cref="Speech"/> that both understand.</summary>
internal sealed class Meeting(Hub hub, Speech speech) : IDisposable
{
    private readonly SocketFolder _folder = new();

    public Live Live { get; } = new(hub);

    public TcpService Serves(Func<Connection, IObservable<ReadOnlyMemory<byte>>> handler, TcpServiceOptions? options = null) =>
        Live.Starts(new TcpService(NewPlace(), handler, With(options)));

    public TcpService Serves(Func<Connection, Task> handler) => Live.Starts(new TcpService(NewPlace(), handler, With(null)));

    public Awaitable<Connection> Dials(TcpService service) => Dials(service.EndPoint);

    /// <summary>Who dialled, and whom.</summary>
    public (Connection Connection, Connection Peer) Wired()
    {
        var accepted = new TaskCompletionSource<Connection>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listening = Tcp.Listen(NewPlace(), new() { Tls = speech.Server }, Live.Hub);
        using var subscription = listening.Subscribe(accepted.SetResult);
        var connection = Live.Await(Dials(listening.EndPoint));
        return (connection, Live.Await(accepted.Task));
    }

    public void WaitFor(CancellationToken token) => Assert.That(
        () => Live.Run(async () => await Live.Hub.Sleep(Live.Patience, token)), Throws.InstanceOf<OperationCanceledException>());

    public void Dispose()
    {
        Live.Dispose();
        _folder.Dispose();
    }

    private EndPoint NewPlace() => speech.NewPlace(_folder);

    private TcpServiceOptions With(TcpServiceOptions? options) => (options ?? new()) with { Tls = speech.Server };

    private Awaitable<Connection> Dials(EndPoint to) => Tcp.Connect(to, new() { Tls = speech.Client }, Live.Hub);
}
