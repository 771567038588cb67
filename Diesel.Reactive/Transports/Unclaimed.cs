namespace Diesel.Reactive;

/// <summary>What was made for somebody who has left meanwhile: nobody else knows of it, so nobody else would close it.</summary>
internal static class Unclaimed
{
    /// <param name="result">Made for one caller, and given to nobody.</param>
    public static void LetGo(object? result)
    {
        if (result is ITransport transport)
        {
            transport.Abort();
        }
        else
        {
            (result as IDisposable)?.Dispose();
        }
    }
}
