namespace Diesel.Reactive.Testing;

/// <summary>What a name in an expectation stands for: a value, or a property values shall have.</summary>
/// <typeparam name="T">The values.</typeparam>
public readonly struct Marble<T>
{
    private readonly T? _value;

    internal Marble(Predicate<T> matches) => (Matches, _value) = (matches, default);

    private Marble(T value) => _value = value;

    /// <summary>Null: it is a value.</summary>
    internal Predicate<T>? Matches { get; }

    internal T Value => _value!;

    /// <summary>A value stands for itself.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator Marble<T>(T value) => new(value);

    /// <summary>Any value.</summary>
    /// <param name="any"><see cref="Marble.Any"/>.</param>
    public static implicit operator Marble<T>(AnyMarble any) => new(static _ => true);
}
