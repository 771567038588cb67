namespace Diesel.Reactive.Benchmarks.Micro;

/// <summary>A hub whose turns are taken by the benchmark itself, on its own thread, until nothing is left to do.</summary>
internal sealed class TurningHub : IEventLoop
{
    private Turns _turns = null!;
    private bool _awake;

    public TurningHub() => Hub = new Hub(this, null);

    public Hub Hub { get; }

    public DateTimeOffset Now => DateTimeOffset.UnixEpoch;

    public TimeSpan Elapsed => TimeSpan.Zero;

    public bool HasThread => false;

    public bool IsVirtual => true;

    /// <summary>Runs loops to where they all wait, or have ended.</summary>
    public void Run(params Func<Task>[] loops)
    {
        foreach (var loop in loops)
        {
            Hub.Fork(loop);
        }

        while (_awake)
        {
            _awake = false;
            _turns.Run();
        }
    }

    public void Do(Action action)
    {
        Hub.Post(static a => ((Action)a!)(), action);
        Run();
    }

    void IEventLoop.Start(ITurns turns) => _turns = (Turns)turns;

    INetwork INetworkProvider.CreateNetwork(IHub hub) => SocketNetwork.Provider.CreateNetwork(hub);

    void IEventLoop.RunReady()
    {
    }

    void IEventLoop.Wake() => _awake = true;

    public void Dispose()
    {
    }
}
