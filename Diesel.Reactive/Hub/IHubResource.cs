namespace Diesel.Reactive;

/// <summary>Holds something of the system's (a socket) that must not outlive its hub.</summary>
internal interface IHubResource
{
    void Abort();
}
