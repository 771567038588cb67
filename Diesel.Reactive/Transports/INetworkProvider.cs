namespace Diesel.Reactive;

/// <summary>Gives each hub the network it works on: a machine, real or in memory, on which several hubs may live.</summary>
public interface INetworkProvider
{
    /// <summary>Makes the network of a hub; called once, while the hub is made.</summary>
    /// <param name="hub">Where everything of this network is told. It takes no turn before this call has returned.</param>
    /// <returns>The network, the hub's own.</returns>
    INetwork CreateNetwork(IHub hub);
}
