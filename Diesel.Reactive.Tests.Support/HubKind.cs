namespace Diesel.Reactive.Tests;

/// <summary>What a hub runs on.</summary>
public enum HubKind
{
    Epoll,
    Portable,
    Scheduler,
    Virtual,
}
