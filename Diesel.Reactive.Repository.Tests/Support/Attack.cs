using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>An attack by many connections on a server, bounded in time; whatever ends a connection is part of it.</summary>
internal sealed class Attack : IDisposable
{
    /// <summary>How long one takes.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(Live.IsSoak ? 60 : 1);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(Live.IsSoak ? 1 : 0.1);

    private readonly IPEndPoint _server;
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentBag<Socket> _sockets = [];
    private int _opened;

    public Attack(IPEndPoint server) => _server = server;

    /// <summary>Its time is over.</summary>
    public void Ends() => _over.Cancel();

    /// <summary>As <see cref="Ends"/>, by itself.</summary>
    public Attack EndsInTime()
    {
        _over.CancelAfter(Time);
        return this;
    }

    /// <summary>When its time is over.</summary>
    public CancellationToken Over => _over.Token;

    public bool IsOver => _over.IsCancellationRequested;

    /// <summary>How many connections it has made.</summary>
    public int Opened => _opened;

    /// <summary>A connection that is open until the attack is disposed of.</summary>
    public async Task<Socket> Connects()
    {
        var socket = await SampleTalk.Connect(_server);
        Interlocked.Increment(ref _opened);
        _sockets.Add(socket);
        return socket;
    }

    /// <summary>Does something on each of so many connections, which stay open.</summary>
    public Task OnEach(int connections, Func<Socket, Task> deed) => All(connections, async () => await deed(await Connects()));

    /// <summary>So many do something on a new connection again and again.</summary>
    public Task AgainAndAgain(int attackers, Func<Socket, Task> deed) => All(attackers, async () =>
    {
        while (!IsOver)
        {
            using var socket = await SampleTalk.Connect(_server);
            Interlocked.Increment(ref _opened);
            await Unharmed(() => deed(socket));
        }
    });

    /// <summary>Does something ten times a second, in the longer run once a second.</summary>
    public async Task Slowly(Func<Task> deed)
    {
        using var tick = new PeriodicTimer(Pause);
        while (!IsOver)
        {
            await deed();
            await tick.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Sends the same as fast as it is taken.</summary>
    public async Task Floods(Socket socket, byte[] bytes)
    {
        while (!IsOver)
        {
            await socket.SendAsync(bytes, Over);
        }
    }

    /// <summary>Reads all that comes, and forgets it.</summary>
    public async Task Drains(Socket socket)
    {
        var bytes = new byte[64 * 1024];
        while (await socket.ReceiveAsync(bytes, Over) > 0)
        {
        }
    }

    public async Task UntilOver()
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!IsOver)
        {
            await tick.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public void Dispose()
    {
        while (_sockets.TryTake(out var socket))
        {
            socket.Dispose();
        }

        _over.Dispose();
    }

    private static Task All(int attackers, Func<Task> deed) =>
        Task.WhenAll(Enumerable.Range(0, attackers).Select(_ => Task.Run(() => Unharmed(deed))));

    private static async Task Unharmed(Func<Task> deed)
    {
        try
        {
            await deed();
        }
        catch (Exception end) when (end is SocketException or OperationCanceledException or IOException)
        {
        }
    }
}
