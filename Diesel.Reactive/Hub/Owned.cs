namespace Diesel.Reactive;

/// <summary><see cref="IHub.Own"/>: disposed with its hub, unless it was let go of before.</summary>
internal sealed class Owned(Hub hub, IDisposable resource) : IHubResource, IDisposable
{
    private bool _isLetGo;

    /// <summary>The hub ends.</summary>
    public void Abort()
    {
        if (!Interlocked.Exchange(ref _isLetGo, true))
        {
            resource.Dispose();
        }
    }

    public void Dispose()
    {
        Interlocked.Exchange(ref _isLetGo, true);
        hub.Unregister(this);
    }

    public override string ToString() => Label.Of(resource);
}
