namespace Diesel.Reactive;

/// <summary><see cref="IHub.Own"/>: disposed with its hub, unless it was let go of before.</summary>
internal sealed class Owned(Hub hub, IDisposable resource) : IHubResource, IDisposable
{
    private IDisposable? _resource = resource;

    /// <summary>The hub ends.</summary>
    public void Abort() => Interlocked.Exchange(ref _resource, null)?.Dispose();

    public void Dispose()
    {
        _resource = null;
        hub.Unregister(this);
    }

    public override string ToString() => Label.Of(resource);
}
