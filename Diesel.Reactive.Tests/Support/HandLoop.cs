namespace Diesel.Reactive.Tests;

/// <summary>Turns by hand, at given times, with the wheel that hubs with a thread have.</summary>
internal sealed class HandLoop : IEventLoop
{
    private ITurns _turns = null!;

    public DateTimeOffset Now => DateTimeOffset.UnixEpoch + Elapsed;

    public TimeSpan Elapsed { get; set; }

    public bool HasThread => false;

    public bool IsVirtual => true;

    public void Turn(double at)
    {
        Elapsed = TimeSpan.FromSeconds(at);
        _turns.Run();
    }

    public void Start(ITurns turns) => _turns = turns;

    public INetwork CreateNetwork(IHub hub) => SocketNetwork.Provider.CreateNetwork(hub);

    public void Wake()
    {
    }

    public void RunReady()
    {
    }

    public void Dispose()
    {
    }
}
