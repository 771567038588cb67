namespace Diesel.Reactive;

/// <summary>Makes of calls what commands return.</summary>
public static class CallsExtensions
{
    /// <summary>A call with one value, to be awaited.</summary>
    /// <typeparam name="TReply">What a reply is decoded to.</typeparam>
    /// <typeparam name="T">What the caller gets.</typeparam>
    /// <param name="calls">Where it is sent.</param>
    /// <param name="call">What is asked.</param>
    /// <returns>Cold: nothing is sent before <c>await</c> or <c>Subscribe</c>, and each is a call of its own. One value and completion.
    /// Unsubscribing abandons the call.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <remarks>Errors: what the call's <c>Read</c> throws, and those of <see cref="Call{TReply}.Fail"/>. An <c>await</c> on the hub of the pipeline resumes as
    /// soon as the reply is there, within the delivery of replies.</remarks>
    public static Awaitable<T> Ask<TReply, T>(this ICalls<TReply> calls, Call<TReply, T> call)
    {
        ArgumentNullException.ThrowIfNull(calls);
        ArgumentNullException.ThrowIfNull(call);
        return new Asking<TReply, T>(calls, call);
    }

    /// <summary>A call whose replies are a stream.</summary>
    /// <typeparam name="TReply">What a reply is decoded to.</typeparam>
    /// <typeparam name="T">The items the caller gets.</typeparam>
    /// <param name="calls">Where it is sent.</param>
    /// <param name="call">What is asked; copied for each subscription.</param>
    /// <returns>Cold: nothing is sent before <c>Subscribe</c>. With <c>ReadAllAsync</c> and <c>ObserveOnBounded</c> a slow reader holds the
    /// connection, and with it all calls in flight there: give a long stream a pipeline of its own.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <remarks>Errors: as <see cref="Ask"/>.</remarks>
    public static IObservable<T> Stream<TReply, T>(this ICalls<TReply> calls, StreamCall<TReply, T> call)
    {
        ArgumentNullException.ThrowIfNull(calls);
        ArgumentNullException.ThrowIfNull(call);
        return new Streaming<TReply, T>(calls, call);
    }

    /// <summary>The same, of which each call must be over in time. What that costs a call is a place in a line: there is one timer for all.</summary>
    /// <typeparam name="TReply">What a reply is decoded to.</typeparam>
    /// <param name="calls">Where they are sent.</param>
    /// <param name="limit">How long each may take from when it is sent, with its last reply; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: for
    /// ever.</param>
    /// <param name="late">Makes the error of one that takes longer, of what it is called. Called on the hub.</param>
    /// <returns>Takes calls. Keep it: those that come by it share the timer.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="calls"/> or <paramref name="late"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is zero or less, and not infinite.</exception>
    /// <remarks>A call that is late is abandoned, and its caller told then. For a limit of one call alone there is
    /// <see cref="Awaitable{T}.Timeout(TimeSpan, Hub?)"/>.</remarks>
    public static ICalls<TReply> Timeout<TReply>(this ICalls<TReply> calls, TimeSpan limit, Func<string, Exception> late)
    {
        ArgumentNullException.ThrowIfNull(calls);
        ArgumentNullException.ThrowIfNull(late);
        return Setting.PositiveOrInfinite(limit) == System.Threading.Timeout.InfiniteTimeSpan ? calls : new TimedCalls<TReply>(calls, limit, late);
    }
}
