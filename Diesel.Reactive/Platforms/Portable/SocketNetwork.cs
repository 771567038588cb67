using System.Net;
using System.Net.Sockets;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>The system's network through portable .NET sockets.</summary>
internal sealed class SocketNetwork(IHub hub) : INetwork, IAdoptsSockets
{
    /// <summary>The system's sockets for a hub on any scheduler.</summary>
    public static INetworkProvider Provider { get; } = new Sockets();

    public IHub Hub => hub;

    public Slab Slab { get; } = new();

    public SegmentList Segments { get; } = new();

    public INameResolver Names { get; } = new SystemNames(hub);

    public IObservable<ITransport> Connect(EndPoint remote, SocketOptions options) => Observable.Create<ITransport>(observer =>
        OffHub.Run(hub, observer, cancellation => DialAsync(remote, options, cancellation)));

    public IListener Listen(EndPoint local, SocketOptions options, Action<ITransport> accept) =>
        new SocketListener(this, SystemSockets.Listening(local, options), options, accept);

    public IDatagramTransport Bind(EndPoint local, EndPoint? remote, SocketOptions options) =>
        new SocketDatagrams(SystemSockets.Bound(local, remote, options), remote, hub);

    public ITransport Adopt(int descriptor, EndPoint remote) =>
        new SocketTransport(this, new Socket(new SafeSocketHandle(descriptor, ownsHandle: true)));

    private async Task<ITransport> DialAsync(EndPoint remote, SocketOptions options, CancellationToken cancellation)
    {
        var pause = default(DialPause);
        while (true)
        {
            try
            {
                return await DialOnceAsync(remote, options, cancellation).ConfigureAwait(false);
            }
            catch (ConnectionException error) when (SocketErrors.IsBacklogFull(error))
            {
                await Task.Delay(pause.Next(), hub.TimeProvider, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<ITransport> DialOnceAsync(EndPoint remote, SocketOptions options, CancellationToken cancellation)
    {
        Socket? socket = null;
        try
        {
            socket = SystemSockets.NewStream(remote.AddressFamily);

            // Given up, it is closed at once, also when it has just connected and the pool is too busy to go on from there.
            using var givenUp = cancellation.UnsafeRegister(static s => ((Socket)s!).Dispose(), socket);
            socket.SetNoDelay(options.NoDelay);
            if (SocketTuning.IsTuned(options) && remote is IPEndPoint)
            {
                SocketTuning.TuneDial(socket, options);
            }

            if (options.LocalEndPoint is { } local)
            {
                socket.Bind(local);
            }

            await socket.ConnectAsync(remote, cancellation).ConfigureAwait(false);
            return new SocketTransport(this, socket);
        }
        catch (SocketException error)
        {
            socket?.Dispose();
            throw SocketErrors.NotConnected(remote, error);
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    private sealed class Sockets : INetworkProvider
    {
        public INetwork CreateNetwork(IHub hub) => new SocketNetwork(hub);
    }
}
