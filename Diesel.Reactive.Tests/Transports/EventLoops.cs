namespace Diesel.Reactive.Tests;

/// <summary>The event loops that must keep the contract of connections over real sockets: one line each.</summary>
internal static class EventLoops
{
    public static IEnumerable<TestFixtureData> All { get; } =
    [
        Loop("portable", static () => new Hub(new HubOptions { Portable = true })),
        .. EpollLoop.IsSupported ? [Loop("epoll", static () => new Hub())] : Array.Empty<TestFixtureData>(),
    ];

    private static TestFixtureData Loop(string name, Func<Hub> hub) => new TestFixtureData(hub).SetArgDisplayNames(name);
}
