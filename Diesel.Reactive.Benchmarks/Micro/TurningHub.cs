using System.Reactive.Disposables;

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

    public INetwork Network => SocketNetwork.Instance;

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

    void IEventLoop.Start(Turns turns) => _turns = turns;

    void IEventLoop.Wake() => _awake = true;

    IDisposable IEventLoop.StartTimer(TimeSpan dueTime, Action<object?> callback, object? state) => Disposable.Empty;

    public void Dispose()
    {
    }
}
