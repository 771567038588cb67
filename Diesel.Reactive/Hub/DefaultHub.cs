namespace Diesel.Reactive;

/// <summary><see cref="Hub.Default"/>.</summary>
internal static class DefaultHub
{
    private static readonly Lock Gate = new();
    private static Hub? _hub;

    public static Hub Value
    {
        get
        {
            lock (Gate)
            {
                return _hub is { IsDisposed: false } hub ? hub : _hub = new Hub();
            }
        }
    }
}
