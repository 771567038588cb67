using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary>Waits for several things at once.</summary>
/// <remarks>
/// All are subscribed, in order, before the first has to be there; each gives its first value. The first error ends the wait, and so
/// does a source that ends without a value (awaited: an <see cref="EndOfStreamException"/> that names it); those that are still
/// waited for are unsubscribed then, and when the wait is given up. What others gave before that is lost: where it must not be, wait
/// for one after the other. <see cref="First"/> waits for one of several. Source: <see cref="Task.WhenAll(Task[])"/>.
/// </remarks>
public static class Awaitable
{
    /// <summary>Waits for any number of sources of one type.</summary>
    /// <typeparam name="T">What they give.</typeparam>
    /// <param name="sources">Read once, within the call; none: done at once, with an empty array.</param>
    /// <returns>Cold: each subscription and each <c>await</c> waits anew; their values in the order of <paramref name="sources"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="sources"/> or one of them is null.</exception>
    public static Awaitable<T[]> All<T>(params IEnumerable<IObservable<T>> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        Member<T[]>[] members = [.. sources.Select(static (source, index) => Member.Of<T, T[]>(
            source ?? throw new ArgumentNullException(nameof(sources), $"Source {index} is null."),
            (values, value) => values[index] = value))];
        return new Gathering<T[], T[]>(members, () => new T[members.Length], static values => values);
    }

    /// <summary>Waits for two sources.</summary>
    /// <typeparam name="T1">What the first gives.</typeparam>
    /// <typeparam name="T2">What the second gives.</typeparam>
    /// <param name="first">Subscribed first.</param>
    /// <param name="second">Subscribed second.</param>
    /// <returns>Cold: each subscription and each <c>await</c> waits anew; both values.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static Awaitable<(T1 First, T2 Second)> All<T1, T2>(IObservable<T1> first, IObservable<T2> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return Gathered<(T1, T2)>(
            Member.Of<T1, StrongBox<(T1, T2)>>(first, static (all, value) => all.Value.Item1 = value),
            Member.Of<T2, StrongBox<(T1, T2)>>(second, static (all, value) => all.Value.Item2 = value));
    }

    /// <summary>Waits for three sources.</summary>
    /// <typeparam name="T1">What the first gives.</typeparam>
    /// <typeparam name="T2">What the second gives.</typeparam>
    /// <typeparam name="T3">What the third gives.</typeparam>
    /// <param name="first">Subscribed first.</param>
    /// <param name="second">Subscribed second.</param>
    /// <param name="third">Subscribed third.</param>
    /// <returns>Cold: each subscription and each <c>await</c> waits anew; all values.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static Awaitable<(T1 First, T2 Second, T3 Third)> All<T1, T2, T3>(IObservable<T1> first, IObservable<T2> second, IObservable<T3> third)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(third);
        return Gathered<(T1, T2, T3)>(
            Member.Of<T1, StrongBox<(T1, T2, T3)>>(first, static (all, value) => all.Value.Item1 = value),
            Member.Of<T2, StrongBox<(T1, T2, T3)>>(second, static (all, value) => all.Value.Item2 = value),
            Member.Of<T3, StrongBox<(T1, T2, T3)>>(third, static (all, value) => all.Value.Item3 = value));
    }

    /// <summary>Waits for four sources.</summary>
    /// <typeparam name="T1">What the first gives.</typeparam>
    /// <typeparam name="T2">What the second gives.</typeparam>
    /// <typeparam name="T3">What the third gives.</typeparam>
    /// <typeparam name="T4">What the fourth gives.</typeparam>
    /// <param name="first">Subscribed first.</param>
    /// <param name="second">Subscribed second.</param>
    /// <param name="third">Subscribed third.</param>
    /// <param name="fourth">Subscribed fourth.</param>
    /// <returns>Cold: each subscription and each <c>await</c> waits anew; all values.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static Awaitable<(T1 First, T2 Second, T3 Third, T4 Fourth)> All<T1, T2, T3, T4>(
        IObservable<T1> first, IObservable<T2> second, IObservable<T3> third, IObservable<T4> fourth)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(third);
        ArgumentNullException.ThrowIfNull(fourth);
        return Gathered<(T1, T2, T3, T4)>(
            Member.Of<T1, StrongBox<(T1, T2, T3, T4)>>(first, static (all, value) => all.Value.Item1 = value),
            Member.Of<T2, StrongBox<(T1, T2, T3, T4)>>(second, static (all, value) => all.Value.Item2 = value),
            Member.Of<T3, StrongBox<(T1, T2, T3, T4)>>(third, static (all, value) => all.Value.Item3 = value),
            Member.Of<T4, StrongBox<(T1, T2, T3, T4)>>(fourth, static (all, value) => all.Value.Item4 = value));
    }

    private static Gathering<StrongBox<TTuple>, TTuple> Gathered<TTuple>(params Member<StrongBox<TTuple>>[] members) =>
        new(members, static () => new StrongBox<TTuple>(), static all => all.Value!);
}
