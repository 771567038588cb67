using System.Reactive.Subjects;

namespace Diesel.Reactive.Tests;

/// <summary>A hub with a thread of its own, seen from the test's thread: each verb waits, not for ever, for what it
/// asked for.</summary>
internal sealed class Live : IDisposable
{
    private readonly ReplaySubject<HubError> _errors = new();

    public Live(Hub hub)
    {
        Hub = hub;
        hub.Errors.Subscribe(_errors);
    }

    public Live(HubOptions? options = null)
        : this(new Hub(options ?? new()))
    {
    }

    /// <summary>How long anything may take before the test gives up on it.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(IsSoak ? 600 : 30);

    /// <summary>Whether the environment asks for the long runs (<c>DIESEL_SOAK=1</c>).</summary>
    public static bool IsSoak => Environment.GetEnvironmentVariable("DIESEL_SOAK") == "1";

    public Hub Hub { get; }

    /// <summary>What showed in <see cref="Hub.Errors"/>, also before it was asked for.</summary>
    public IObservable<HubError> Errors => _errors;

    /// <summary>Runs in a turn, and throws what it threw.</summary>
    public void Do(Action action) => Await(Observable.Start(action, Hub));

    public T Do<T>(Func<T> function) => Await(Observable.Start(function, Hub));

    /// <summary>Runs a loop, and throws what it threw.</summary>
    public T Run<T>(Func<Task<T>> loop)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Hub.Fork(async () =>
        {
            try
            {
                done.SetResult(await loop());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        return Await(done.Task);
    }

    public void Run(Func<Task> loop) => Run(async () =>
    {
        await loop();
        return 0;
    });

    /// <summary>The last value of what is subscribed in a turn.</summary>
    public T Await<T>(IObservable<T> source) => Await(Task.Run(async () => await source.SubscribeOn(Hub)));

    public T Await<T>(Task<T> task) => task.WaitAsync(Patience).GetAwaiter().GetResult();

    public void Await(Task task) => task.WaitAsync(Patience).GetAwaiter().GetResult();

    public T Starts<T>(T service)
        where T : IService
    {
        service.Start(Hub);
        return service;
    }

    /// <summary>A connection to a plain socket.</summary>
    public (Connection Connection, RawPeer Peer) Wire(TcpConnectOptions? options = null)
    {
        var peer = new RawPeer();
        var connection = Await(Tcp.Connect("127.0.0.1", peer.Port, options, Hub));
        return (connection, peer.Accept());
    }

    public void Dispose() => Hub.Dispose();
}
