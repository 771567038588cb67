using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A query: documents of a collection, in an order, some of them, parts of them.</summary>
/// <typeparam name="T">What a document becomes.</typeparam>
/// <remarks>Each method makes another query of it. See <see cref="MongoCursor{T}"/> for how it is observed.</remarks>
public sealed class MongoFind<T> : MongoCursor<T>
{
    private readonly MongoTarget _target;
    private readonly FindParts _parts;

    internal MongoFind(MongoTarget target, FindParts parts)
        : base(target, () => parts.Request(target, null), static raw => raw.To<T>()) => (_target, _parts) = (target, parts);

    /// <summary>In an order.</summary>
    /// <param name="order">A document of names with 1 and -1, JSON, an object; or names parted by commas, with a <c>-</c> before those that go
    /// downwards.</param>
    /// <returns>Another query.</returns>
    /// <exception cref="ArgumentException">It is none.</exception>
    public MongoFind<T> Sort(object order) => new(_target, _parts with { Sort = MongoDocument.Order(order) });

    /// <summary>Without the first.</summary>
    /// <param name="count">How many; not negative.</param>
    /// <returns>Another query.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public MongoFind<T> Skip(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new(_target, _parts with { Skip = count });
    }

    /// <summary>No more than so many.</summary>
    /// <param name="count">How many; 0: all.</param>
    /// <returns>Another query.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public MongoFind<T> Limit(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new(_target, _parts with { Limit = count });
    }

    /// <summary>Parts of the documents.</summary>
    /// <param name="projection">A document, JSON, or an object: names with 1 or 0, or expressions.</param>
    /// <returns>Another query.</returns>
    /// <exception cref="ArgumentException">It is no document.</exception>
    public MongoFind<T> Project(object projection) => Project<T>(projection);

    /// <summary>Parts of the documents, as something else.</summary>
    /// <typeparam name="TOut">What they become.</typeparam>
    /// <inheritdoc cref="Project(object)"/>
    public MongoFind<TOut> Project<TOut>(object projection) => new(_target, _parts with { Projection = MongoDocument.Of(projection) });

    /// <summary>So many at a time.</summary>
    /// <param name="count">How many the server sends together.</param>
    /// <returns>Another query.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public MongoFind<T> BatchSize(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new(_target with { Options = _target.Options with { BatchSize = count } }, _parts);
    }

    /// <summary>Of a capped collection also what is yet to come: it ends only with who unsubscribes, or with the documents.</summary>
    /// <returns>Another query.</returns>
    public MongoFind<T> Tail() => new(_target, _parts with { IsTailed = true });

    /// <summary>The first.</summary>
    /// <returns>Cold: each <c>await</c> asks. Null (of a structure its default): there is none.</returns>
    public Awaitable<T?> First() => Few(1).Select(static all => all.Count > 0 ? all[0].To<T>() : default).ToAwaitable("the first document");

    /// <summary>The only one there may be.</summary>
    /// <returns>Cold: each <c>await</c> asks. Null (of a structure its default): there is none.</returns>
    /// <remarks>Errors: <see cref="InvalidOperationException"/>: there are more. Idea: diesel's <c>one</c>.</remarks>
    public Awaitable<T?> One() => Few(2).Select(static all => all.Count < 2
        ? all.Count > 0 ? all[0].To<T>() : default
        : throw new InvalidOperationException("One document was asked for, and the filter finds more than one.")).ToAwaitable("the one document");

    private Awaitable<IReadOnlyList<RawBson>> Few(int most)
    {
        var request = _parts.Request(_target, most);
        return _target.Ask(_target.Read(request.Name, request.Collection, request.Elements, static reply => CursorBatch.Of(reply).Documents));
    }
}

/// <summary>What a query asks for.</summary>
internal sealed record FindParts(string Collection, RawBson Filter)
{
    public RawBson? Sort { get; init; }

    public RawBson? Projection { get; init; }

    public long Skip { get; init; }

    public long Limit { get; init; }

    public bool IsTailed { get; init; }

    /// <summary>As a command.</summary>
    /// <param name="target">Where.</param>
    /// <param name="most">Documents that are wanted at most, and then no more; null: as <see cref="Limit"/> says.</param>
    public MongoRequest<CursorBatch> Request(MongoTarget target, int? most)
    {
        var find = MongoTarget.Command("find", Collection).Add("filter", Filter);
        if (Sort is { } sort)
        {
            find.Add("sort", sort);
        }

        if (Projection is { } projection)
        {
            find.Add("projection", projection);
        }

        if (Skip > 0)
        {
            find.Add("skip", Skip);
        }

        Counts(find, target.Options.BatchSize, most);
        if (IsTailed)
        {
            find.Add("tailable", true).Add("awaitData", true);
        }

        target.Options.Reading(find);
        return target.Read("find", Collection, find.Take(), CursorBatch.Of);
    }

    private void Counts(BsonOutput find, int? batchSize, int? most)
    {
        if (most is { } few)
        {
            find.Add("limit", Limit > 0 ? (int)Math.Min(Limit, few) : few).Add("singleBatch", true);
            return;
        }

        if (Limit > 0)
        {
            find.Add("limit", Limit);
        }

        if (batchSize is { } size)
        {
            find.Add("batchSize", size);
        }
    }
}
