using System.Reactive.Concurrency;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>The virtual network, whose behaviour is what is expected of the others.</summary>
internal sealed class VirtualGround : Ground
{
    private const int MostMilliseconds = 1000;

    private readonly HistoricalScheduler _clock = new();

    public VirtualGround()
    {
        Hub = new Hub(_clock, new VirtualNetwork(clock: _clock, traceLimit: 0));
        Hear();
    }

    public override string Name => "virtual";

    public override Hub Hub { get; }

    public override T Run<T>(Func<Task<T>> loop)
    {
        Task<T>? task = null;
        Hub.Fork(() => (Task)(task = loop()));
        for (var i = 0; i < MostMilliseconds && task is not { IsCompleted: true }; i++)
        {
            _clock.AdvanceBy(TimeSpan.FromMilliseconds(1));
        }

        return task!.IsCompleted ? task.GetAwaiter().GetResult() : throw new TimeoutException("The program has no end in virtual time.");
    }

    public override async Task Quiet(Func<bool> isExpected, Func<bool>? isAllowed = null) => await Hub.Sleep(TimeSpan.FromMilliseconds(1));

    public override void Dispose()
    {
        base.Dispose();
        Hub.Dispose();
    }
}
