using System.Diagnostics;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>The system's sockets, over the loopback interface, in one of the loops.</summary>
/// <remarks>The kernel hands over what is sent on this interface within the call, and a few turns tell it; work that goes through
/// other threads needs longer. So quiet is when what is expected has happened and a few turns more told nothing else. What never
/// happens is waited for a good while, since a busy machine is no difference.</remarks>
internal sealed class RealGround(string name, Hub hub, int lastNaps = 0) : Ground
{
    private const int QuietTurns = 6;
    private const int TurnsBeforeNaps = 40;
    private const int NapsBeforeAllowances = 10;

    // What an end hears that shows nowhere (its peer's end, while nobody reads) comes to the portable loop by other threads.
    private const int LastNaps = 3;

    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Hasty = TimeSpan.FromMilliseconds(300);

    private readonly Live _live = new(hub);

    public override string Name => name;

    public override Hub Hub => hub;

    public static RealGround Epoll() => new RealGround("epoll", new Hub()).Hears();

    /// <summary>A Unix socket of an abstract name, for each ground another.</summary>
    public static RealGround Unix(bool portable) => (portable
        ? new RealGround("portable", new Hub(new HubOptions { Portable = true }), LastNaps) { Place = NewName() }
        : new RealGround("epoll", new Hub()) { Place = NewName() }).Hears();

    public static RealGround Portable() => new RealGround("portable", new Hub(new HubOptions { Portable = true }), LastNaps).Hears();

    public override T Run<T>(Func<Task<T>> loop) => _live.Run(loop);

    public override async Task Quiet(Func<bool> isExpected, Func<bool>? isAllowed = null)
    {
        var began = Stopwatch.StartNew();
        for (int turns = 0, still = 0; still < QuietTurns && began.Elapsed < (IsHasty ? Hasty : Patient); turns++)
        {
            await Hub.Sleep(turns < TurnsBeforeNaps && still < QuietTurns - lastNaps ? TimeSpan.Zero : Nap);
            still = isExpected() || (turns > TurnsBeforeNaps + NapsBeforeAllowances && isAllowed?.Invoke() == true) ? still + 1 : 0;
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _live.Dispose();
    }

    private static UnixDomainSocketEndPoint NewName() => new($"\0ground {Guid.NewGuid()}");

    private RealGround Hears()
    {
        Hear();
        return this;
    }
}
