namespace Diesel.Reactive;

/// <summary>Somebody who waits for something of a hub's, and must be told when the hub ends first. As the state of a timer or of a
/// posted item it is told without further ado.</summary>
public interface IHubWait
{
    /// <summary>Nothing will come any more. Once, on the hub's thread or, for one who came too late, on its own.</summary>
    /// <param name="error">What happened, to be passed on.</param>
    void HubEnded(ObjectDisposedException error);
}
