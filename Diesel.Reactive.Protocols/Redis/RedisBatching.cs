using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Commands that are sent together: <c>await redis.Batch(b =&gt; (b.Get("a"), b.Incr("b")))</c>.</summary>
/// <remarks>
/// <para>The function is called at once, and returns what its commands returned: one, a tuple, or a list. Nobody else's command comes between
/// those of a batch, and they leave in one write. The first that the server refuses is the error of all
/// (<see cref="RedisBatchException"/>); the others were carried out all the same.</para>
/// <para>A transaction is carried out as a whole by the server, or not at all; one command that fails within it does not undo the others.
/// Errors of its own: <see cref="RedisBatchException"/> also for a command that was refused beforehand, and then none was carried out;
/// <see cref="RedisTransactionException"/> where keys are watched. To a user who may not <c>MULTI</c>, its commands are a batch: they were carried out, one by one, and the error is
/// <c>NOPERM</c>.</para>
/// <para>Cold: each <c>await</c> sends all of them again. A batch is sent again after a lost connection when all its commands are read-only, a
/// transaction never.</para>
/// </remarks>
public static class RedisBatching
{
    /// <summary>Sends commands together.</summary>
    /// <param name="client">Where to.</param>
    /// <param name="calls">Asks for the commands.</param>
    /// <returns>One <see cref="Unit"/> when all were answered.</returns>
    public static Awaitable<Unit> Batch(this IRedisConnection client, Action<IRedisCommands> calls) => Run(client, false, Done(calls), None);

    /// <summary>Sends commands together.</summary>
    /// <typeparam name="T">What a command gives.</typeparam>
    /// <param name="client">Where to.</param>
    /// <param name="calls">Asks for the commands, and returns what one of them returned.</param>
    /// <returns>The value of that one.</returns>
    /// <exception cref="ArgumentException"><paramref name="calls"/> returned something else.</exception>
    public static Awaitable<T> Batch<T>(this IRedisConnection client, Func<IRedisCommands, Awaitable<T>> calls) => Run(client, false, calls, One<T>);

    /// <inheritdoc cref="Batch{T}(IRedisConnection, Func{IRedisCommands, Awaitable{T}})"/>
    /// <returns>The values.</returns>
    public static Awaitable<IReadOnlyList<T>> Batch<T>(this IRedisConnection client, Func<IRedisCommands, IEnumerable<Awaitable<T>>> calls) => Run(client, false, calls, All<T>);

    /// <summary>Sends commands together.</summary>
    /// <typeparam name="T1">What one gives.</typeparam>
    /// <typeparam name="T2">What another gives.</typeparam>
    /// <param name="client">Where to.</param>
    /// <param name="calls">Asks for the commands, and returns what they returned.</param>
    /// <returns>The values.</returns>
    /// <exception cref="ArgumentException"><paramref name="calls"/> returned something else.</exception>
    public static Awaitable<(T1, T2)> Batch<T1, T2>(this IRedisConnection client, Func<IRedisCommands, (Awaitable<T1>, Awaitable<T2>)> calls) => Run(client, false, calls, Two<T1, T2>);

    /// <summary>Sends commands together.</summary>
    /// <typeparam name="T1">What one gives.</typeparam>
    /// <typeparam name="T2">What another gives.</typeparam>
    /// <typeparam name="T3">What another gives.</typeparam>
    /// <param name="client">Where to.</param>
    /// <param name="calls">Asks for the commands, and returns what they returned.</param>
    /// <returns>The values.</returns>
    /// <exception cref="ArgumentException"><paramref name="calls"/> returned something else.</exception>
    public static Awaitable<(T1, T2, T3)> Batch<T1, T2, T3>(
        this IRedisConnection client, Func<IRedisCommands, (Awaitable<T1>, Awaitable<T2>, Awaitable<T3>)> calls) => Run(client, false, calls, Three<T1, T2, T3>);

    /// <summary>Sends a transaction.</summary>
    /// <param name="client">Where to.</param>
    /// <param name="calls">Asks for the commands.</param>
    /// <returns>One <see cref="Unit"/> when all were carried out.</returns>
    public static Awaitable<Unit> Transaction(this IRedisConnection client, Action<IRedisCommands> calls) => Run(client, true, Done(calls), None);

    /// <summary>Sends a transaction.</summary>
    /// <typeparam name="T">What a command gives.</typeparam>
    /// <param name="client">Where to.</param>
    /// <param name="calls">Asks for the commands, and returns what one of them returned.</param>
    /// <returns>The value of that one.</returns>
    /// <exception cref="ArgumentException"><paramref name="calls"/> returned something else.</exception>
    public static Awaitable<T> Transaction<T>(this IRedisConnection client, Func<IRedisCommands, Awaitable<T>> calls) => Run(client, true, calls, One<T>);

    /// <inheritdoc cref="Transaction{T}(IRedisConnection, Func{IRedisCommands, Awaitable{T}})"/>
    /// <returns>The values.</returns>
    public static Awaitable<IReadOnlyList<T>> Transaction<T>(this IRedisConnection client, Func<IRedisCommands, IEnumerable<Awaitable<T>>> calls) => Run(client, true, calls, All<T>);

    /// <summary>Sends a transaction.</summary>
    /// <typeparam name="T1">What one gives.</typeparam>
    /// <typeparam name="T2">What another gives.</typeparam>
    /// <param name="client">Where to.</param>
    /// <param name="calls">Asks for the commands, and returns what they returned.</param>
    /// <returns>The values.</returns>
    /// <exception cref="ArgumentException"><paramref name="calls"/> returned something else.</exception>
    public static Awaitable<(T1, T2)> Transaction<T1, T2>(this IRedisConnection client, Func<IRedisCommands, (Awaitable<T1>, Awaitable<T2>)> calls) => Run(client, true, calls, Two<T1, T2>);

    /// <summary>Sends a transaction.</summary>
    /// <typeparam name="T1">What one gives.</typeparam>
    /// <typeparam name="T2">What another gives.</typeparam>
    /// <typeparam name="T3">What another gives.</typeparam>
    /// <param name="client">Where to.</param>
    /// <param name="calls">Asks for the commands, and returns what they returned.</param>
    /// <returns>The values.</returns>
    /// <exception cref="ArgumentException"><paramref name="calls"/> returned something else.</exception>
    public static Awaitable<(T1, T2, T3)> Transaction<T1, T2, T3>(
        this IRedisConnection client, Func<IRedisCommands, (Awaitable<T1>, Awaitable<T2>, Awaitable<T3>)> calls) => Run(client, true, calls, Three<T1, T2, T3>);

    private static Awaitable<TResult> Run<TCalls, TResult>(
        IRedisConnection client, bool isTransaction, Func<IRedisCommands, TCalls> calls, Func<(RedisBatch Batch, TCalls Calls), Func<RespValue[], TResult>> reader)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(calls);
        var batch = new RedisBatch();
        var read = reader((batch, calls(batch)));
        batch.Close();
        return client.Send(isTransaction ? new RedisTransactionCall<TResult>(batch, read) : (RedisCalls<TResult>)new RedisBatchCall<TResult>(batch, read));
    }

    private static Func<IRedisCommands, Unit> Done(Action<IRedisCommands> calls)
    {
        ArgumentNullException.ThrowIfNull(calls);
        return batch =>
        {
            calls(batch);
            return Unit.Default;
        };
    }

    private static Func<RespValue[], Unit> None((RedisBatch Batch, Unit Calls) given) => static _ => Unit.Default;

    private static Func<RespValue[], T> One<T>((RedisBatch Batch, Awaitable<T> Call) given) => given.Batch.Reader(given.Call);

    private static Func<RespValue[], IReadOnlyList<T>> All<T>((RedisBatch Batch, IEnumerable<Awaitable<T>> Calls) given) => given.Batch.Reader(given.Calls);

    private static Func<RespValue[], (T1, T2)> Two<T1, T2>((RedisBatch Batch, (Awaitable<T1>, Awaitable<T2>) Calls) given)
    {
        var (one, two) = (given.Batch.Reader(given.Calls.Item1), given.Batch.Reader(given.Calls.Item2));
        return replies => (one(replies), two(replies));
    }

    private static Func<RespValue[], (T1, T2, T3)> Three<T1, T2, T3>((RedisBatch Batch, (Awaitable<T1>, Awaitable<T2>, Awaitable<T3>) Calls) given)
    {
        var (one, two, three) = (given.Batch.Reader(given.Calls.Item1), given.Batch.Reader(given.Calls.Item2), given.Batch.Reader(given.Calls.Item3));
        return replies => (one(replies), two(replies), three(replies));
    }
}
