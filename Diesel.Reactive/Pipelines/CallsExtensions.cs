namespace Diesel.Reactive;

/// <summary>Makes of calls what commands return.</summary>
public static class CallsExtensions
{
    /// <summary>A call with one reply, to be awaited.</summary>
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
}
