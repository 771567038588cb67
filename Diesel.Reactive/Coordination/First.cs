namespace Diesel.Reactive;

/// <summary>Waits for the first of several things: readings, sleeps, and any other observables.</summary>
/// <remarks>
/// Arguments are in priority order: one that is ready when it is asked wins at once, and those behind it are not even
/// asked. <b>Losing never consumes</b>: a reading that loses leaves its bytes in the connection. A source that fails fails
/// the race, one that completes without a value ends it (awaited: an <see cref="EndOfStreamException"/> that names it). A timeout is
/// <see cref="Hub.Sleep"/> as the last argument. Idea: diesel's <c>first</c>.
/// </remarks>
public static class First
{
    /// <summary>Races two sources.</summary>
    /// <typeparam name="T1">What the first gives.</typeparam>
    /// <typeparam name="T2">What the second gives.</typeparam>
    /// <param name="first">Preferred when both are ready.</param>
    /// <param name="second">Asked when <paramref name="first"/> is not ready.</param>
    /// <returns>Cold: each subscription and each <c>await</c> races anew; one value, which tells who won.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static Awaitable<FirstOf<T1, T2>> Of<T1, T2>(IObservable<T1> first, IObservable<T2> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return new Race<FirstOf<T1, T2>>(
            Entrant.Of(first, static value => new FirstOf<T1, T2>(0, value, default!)),
            Entrant.Of(second, static value => new FirstOf<T1, T2>(1, default!, value)));
    }

    /// <summary>Races three sources.</summary>
    /// <typeparam name="T1">What the first gives.</typeparam>
    /// <typeparam name="T2">What the second gives.</typeparam>
    /// <typeparam name="T3">What the third gives.</typeparam>
    /// <param name="first">Preferred when several are ready.</param>
    /// <param name="second">Preferred to the third.</param>
    /// <param name="third">Asked when neither of the others is ready.</param>
    /// <returns>Cold: each subscription and each <c>await</c> races anew; one value, which tells who won.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static Awaitable<FirstOf<T1, T2, T3>> Of<T1, T2, T3>(IObservable<T1> first, IObservable<T2> second, IObservable<T3> third)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(third);
        return new Race<FirstOf<T1, T2, T3>>(
            Entrant.Of(first, static value => new FirstOf<T1, T2, T3>(0, value, default!, default!)),
            Entrant.Of(second, static value => new FirstOf<T1, T2, T3>(1, default!, value, default!)),
            Entrant.Of(third, static value => new FirstOf<T1, T2, T3>(2, default!, default!, value)));
    }

    /// <summary>Races any number of sources of one type.</summary>
    /// <typeparam name="T">What they give.</typeparam>
    /// <param name="sources">In priority order; at least one.</param>
    /// <returns>Cold: each subscription and each <c>await</c> races anew; one value, with the winner's index from 0.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="sources"/> is empty: such a race would never end.</exception>
    public static Awaitable<(int Index, T Value)> Of<T>(params IObservable<T>[] sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        if (sources.Length == 0)
        {
            throw new ArgumentException("A race of nothing would never end: name at least one source.", nameof(sources));
        }

        return new Race<(int, T)>([.. sources.Select(static (source, index) => Entrant.Of(
            source ?? throw new ArgumentNullException(nameof(sources), $"Source {index} is null."),
            value => (index, value)))]);
    }
}
