namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Takes commands: a client, a batch, a transaction. The commands themselves are extension methods; write your own (a module's) in the
/// same way, and they work with all.</summary>
public interface IRedisCommands
{
    /// <summary>Asks the server.</summary>
    /// <typeparam name="T">What the caller gets.</typeparam>
    /// <param name="command">What is asked.</param>
    /// <returns>Cold: nothing is sent before <c>await</c> or <c>Subscribe</c>, and each is a call of its own. Unsubscribing abandons the
    /// call.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="command"/> is null.</exception>
    /// <exception cref="NotSupportedException">The command would change the connection for all who share it, or hold them up.</exception>
    Awaitable<T> Ask<T>(RedisCommand<T> command);
}
