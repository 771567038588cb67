namespace Diesel.Reactive;

/// <summary>A service that was stopped does not start again: who waits for its end has been told.</summary>
internal static class OnceStopped
{
    /// <exception cref="InvalidOperationException">It was stopped.</exception>
    public static void ThrowIf(bool stopped, IService service)
    {
        if (stopped)
        {
            throw new InvalidOperationException($"The {service} was stopped and does not start again: make a new one.");
        }
    }
}
