namespace Diesel.Reactive.Testing;

/// <summary>Values an expectation does not know exactly.</summary>
public static class Marble
{
    /// <summary>Any value: <c>ToBe("--a|", ("a", Marble.Any))</c>.</summary>
    public static AnyMarble Any { get; }

    /// <summary>Any value with a property.</summary>
    /// <typeparam name="T">The values of the stream.</typeparam>
    /// <param name="matches">Whether a value is one.</param>
    /// <returns>To be given to <c>ToBe</c> in place of a value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="matches"/> is null.</exception>
    public static Marble<T> Match<T>(Predicate<T> matches)
    {
        ArgumentNullException.ThrowIfNull(matches);
        return new(matches);
    }
}
