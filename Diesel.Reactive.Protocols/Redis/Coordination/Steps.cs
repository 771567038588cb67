namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Steps of one writer, one after the other: each has a number, so that the server does it once however often it is sent.</summary>
/// <param name="of">With what.</param>
/// <param name="function">Which function does it.</param>
/// <param name="head">Its arguments before the writer and the number.</param>
internal sealed class Steps(SharedObject of, string function, params Bytes[] head)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Bytes _writer = Guid.NewGuid().ToString("N");
    private long _number;

    /// <summary>Whether it counts as done only when replicas have it.</summary>
    public bool IsReplicated { get; init; }

    /// <summary>Does the next one; the last must be over. The hub's thread only.</summary>
    public async Task<RespValue> Next(params Bytes[] arguments)
    {
        Bytes[] whole = [.. head, _writer, ++_number, .. arguments];
        var limit = of.Hub.Now + of.Owner.Options.RepeatFor;
        while (true)
        {
            try
            {
                return await (IsReplicated ? of.CallReplicated(function, whole) : of.Call(function, whole)).ToAwaitable();
            }
            catch (Exception failure) when ((IsUnknown(failure) || (IsReplicated && failure is ObjectDisposedException)) && of.Hub.Now < limit && !of.IsDisposed)
            {
                await of.Hub.Sleep(Pause);
            }
        }
    }

    // The connections to a server that has left its cluster are disposed of. It may have been done; or a server is about to answer again, or its place to be taken.
    private static bool IsUnknown(Exception failure) => failure
        is IOException or TimeoutException or ReplyLostException
        or RedisErrorException { Code: "LOADING" or "CLUSTERDOWN" or "MASTERDOWN" or "TRYAGAIN" or "READONLY" or "UNBLOCKED" or "MOVED" or "ASK" };
}
