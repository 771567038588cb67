namespace Diesel.Reactive.Tests;

/// <summary>The event loops that must keep the contract of connections over real sockets: one line each.</summary>
internal static class EventLoops
{
    public static IReadOnlyList<(string Name, Func<Hub> NewHub)> Named { get; } =
    [
        ("portable", static () => new Hub(new HubOptions { Portable = true })),
        .. EpollLoop.IsSupported ? [("epoll", static () => new Hub())] : Array.Empty<(string, Func<Hub>)>(),
    ];

    public static IEnumerable<TestFixtureData> All { get; } = [.. Named.Select(static loop => new TestFixtureData(loop.NewHub).SetArgDisplayNames(loop.Name))];
}
