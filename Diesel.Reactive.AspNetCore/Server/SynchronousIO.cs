namespace Diesel.Reactive.AspNetCore;

/// <summary>Calls that block.</summary>
internal static class SynchronousIO
{
    /// <exception cref="InvalidOperationException">They are not allowed.</exception>
    public static void ThrowUnless(bool isAllowed)
    {
        if (!isAllowed)
        {
            throw new InvalidOperationException("Synchronous operations are disallowed. Call the asynchronous method, or set AllowSynchronousIO to true.");
        }
    }
}
