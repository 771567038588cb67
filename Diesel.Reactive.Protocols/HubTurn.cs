namespace Diesel.Reactive.Protocols;

/// <summary>The one hop to a hub's thread.</summary>
internal static class HubTurn
{
    /// <summary>Now when this is the hub's thread, else in a coming turn.</summary>
    /// <returns>False: the hub was disposed, and nothing will run.</returns>
    public static bool Within(this Hub hub, Action action)
    {
        if (!hub.IsCurrent)
        {
            return hub.Post(static action => ((Action)action!)(), action);
        }

        action();
        return true;
    }
}
