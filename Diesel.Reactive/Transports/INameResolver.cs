namespace Diesel.Reactive;

/// <summary>Finds the addresses of hosts: the system's resolver, the hosts of a virtual network, or what <c>hub.UseResolver</c> was given.</summary>
/// <remarks>Addresses may come one by one, as answers do: whoever dials begins with the first that comes, and takes in the others
/// meanwhile. Errors are made with <see cref="ConnectionException.NotFound"/>, so that they read the same everywhere.</remarks>
public interface INameResolver
{
    /// <summary>Finds a host's addresses.</summary>
    /// <param name="host">A name; dialling asks for no address in text.</param>
    /// <returns>Cold: each subscription asks. At least one address, in the order to try them as far as that is known, then completion.
    /// Unsubscribing gives the lookup up.</returns>
    /// <remarks>Errors: <see cref="ConnectionException"/> for a name that is not known, or nobody to ask; behind an address it says that
    /// no further one comes. Scheduler: any; whoever dials brings it to the hub.</remarks>
    IObservable<ResolvedAddress> Resolve(string host);
}
