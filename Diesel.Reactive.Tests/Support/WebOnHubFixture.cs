using Diesel.Reactive.AspNetCore;
using Microsoft.AspNetCore.Builder;

namespace Diesel.Reactive.Tests;

/// <summary>Tests of web applications on a hub of their own.</summary>
/// <param name="onHub">Whether the applications run on it, or on the pool.</param>
public abstract class WebOnHubFixture(bool onHub)
{
    private Live _live = null!;

    protected static Uri Root { get; } = new("/", UriKind.Relative);

    protected bool OnHub => onHub;

    protected Hub Hub => _live.Hub;

    [SetUp]
    public void Start() => _live = new Live(new Hub());

    [TearDown]
    public void Stop() => _live.Dispose();

    private protected Task<WebOnHub> Serve(Action<WebApplication> map, DieselServerOptions? options = null) =>
        WebOnHub.Start((options ?? new()) with { Hub = Hub, RunsOnHub = onHub }, map);
}
