using System.Numerics;

namespace Diesel.Reactive;

/// <summary>How a protocol tells whose a reply is.</summary>
public static class Correlation
{
    /// <summary>Replies come in the order of the calls.</summary>
    /// <typeparam name="TReply">What a reply is decoded to.</typeparam>
    /// <param name="isPush">Whether a value is a push, which answers nobody; null: there are none. A push is offered to the call at the head
    /// of the line first (<see cref="Call{TReply}.TryTakePush"/>), then it goes to <see cref="Pipeline{TReply}.Unasked"/>.</param>
    /// <returns>A recipe: one for all pipelines.</returns>
    public static Correlation<TReply> InOrder<TReply>(Func<TReply, bool>? isPush = null) => new InOrder<TReply>(isPush);

    /// <summary>Replies repeat the id of their call, and come in any order. Ids count up from 0, and over.</summary>
    /// <typeparam name="TReply">What a reply is decoded to.</typeparam>
    /// <typeparam name="TId">The id. Calls are <see cref="IIdentified{TId}"/>.</typeparam>
    /// <param name="idOf">The id of a reply.</param>
    /// <param name="isPush">As with <see cref="InOrder{TReply}"/>.</param>
    /// <param name="dropsUnasked">Whether a reply that nobody asked for is dropped and counted (<see cref="PipelineCounts.Dropped"/>), instead of being
    /// the end of the connection.</param>
    /// <returns>A recipe: one for all pipelines.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="idOf"/> is null.</exception>
    public static Correlation<TReply> ById<TReply, TId>(Func<TReply, TId> idOf, Func<TReply, bool>? isPush = null, bool dropsUnasked = false)
        where TId : struct, IBinaryInteger<TId>
    {
        ArgumentNullException.ThrowIfNull(idOf);
        return new ById<TReply, TId>(idOf, CountingUp<TId>, isPush, dropsUnasked);
    }

    /// <summary>Replies repeat the id of their call, and come in any order.</summary>
    /// <typeparam name="TReply">What a reply is decoded to.</typeparam>
    /// <typeparam name="TId">The id; compared with its own <c>Equals</c>. Calls are <see cref="IIdentified{TId}"/>.</typeparam>
    /// <param name="idOf">The id of a reply.</param>
    /// <param name="newId">Proposes an id, at random for one that must not be guessed; asked again when that one is in use. Called on the hub of
    /// the pipeline, for several pipelines on several.</param>
    /// <param name="isPush">As with <see cref="InOrder{TReply}"/>.</param>
    /// <param name="dropsUnasked">As with the other.</param>
    /// <returns>A recipe: one for all pipelines.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="idOf"/> or <paramref name="newId"/> is null.</exception>
    public static Correlation<TReply> ById<TReply, TId>(
        Func<TReply, TId> idOf, Func<TId> newId, Func<TReply, bool>? isPush = null, bool dropsUnasked = false)
        where TId : notnull
    {
        ArgumentNullException.ThrowIfNull(idOf);
        ArgumentNullException.ThrowIfNull(newId);
        return new ById<TReply, TId>(idOf, () => newId, isPush, dropsUnasked);
    }

    private static Func<TId> CountingUp<TId>()
        where TId : struct, IBinaryInteger<TId>
    {
        var next = TId.Zero;
        return () => unchecked(next++);
    }
}

/// <summary>How a protocol tells whose a reply is; made by <see cref="Correlation"/>.</summary>
/// <typeparam name="TReply">What a reply is decoded to.</typeparam>
public abstract class Correlation<TReply>
{
    private protected Correlation()
    {
    }

    /// <summary>Whether a call may leave the line and its reply still be told from others.</summary>
    internal abstract bool CanForget { get; }

    /// <summary>For one pipeline.</summary>
    internal abstract Correlator<TReply> CreateCorrelator();
}

/// <summary>A <see cref="Correlation{TReply}"/> at work, for one pipeline.</summary>
internal abstract class Correlator<TReply>(Func<TReply, bool>? isPush)
{
    /// <summary>Whether a reply that nobody asked for is no more than that.</summary>
    public virtual bool DropsUnasked => false;

    public bool IsPush(TReply reply) => isPush is not null && isPush(reply);

    /// <summary>A call is about to be written. False: not now, as all ids are taken.</summary>
    public virtual bool TryBegin(Call<TReply> call) => true;

    /// <summary>No reply to it can come any more.</summary>
    public virtual void End(Call<TReply> call)
    {
    }

    /// <summary>Whose a reply is; null: nobody's.</summary>
    /// <param name="reply">What came.</param>
    /// <param name="head">Who is first in line.</param>
    public abstract Call<TReply>? Find(TReply reply, Call<TReply>? head);

    /// <summary>Whose a reply is that has begun; null: nobody's, or that is not known yet.</summary>
    public virtual Call<TReply>? Begun(Call<TReply>? head) => null;
}
