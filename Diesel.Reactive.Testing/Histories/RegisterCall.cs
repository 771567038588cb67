namespace Diesel.Reactive.Testing;

/// <summary>What is asked of a register, or of one of several by their keys.</summary>
/// <typeparam name="T">The values.</typeparam>
public sealed record RegisterCall<T>
{
    private RegisterCall()
    {
    }

    /// <summary>Which register; null where there is but one.</summary>
    public string? Key { get; private init; }

    /// <summary>Whether it writes.</summary>
    public bool IsWrite { get; private init; }

    /// <summary>Whether it writes only where the value is <see cref="Expected"/>.</summary>
    public bool IsConditional { get; private init; }

    /// <summary>What it writes.</summary>
    public T? Value { get; private init; }

    /// <summary>What must be there for it to write.</summary>
    public T? Expected { get; private init; }

    /// <summary>Reads.</summary>
    /// <param name="key">Which register.</param>
    public static RegisterCall<T> Read(string? key = null) => new() { Key = key };

    /// <summary>Writes.</summary>
    /// <param name="value">What.</param>
    /// <param name="key">Which register.</param>
    public static RegisterCall<T> Write(T value, string? key = null) => new() { IsWrite = true, Value = value, Key = key };

    /// <summary>Writes where a value is there.</summary>
    /// <param name="expected">Which.</param>
    /// <param name="value">What to write.</param>
    /// <param name="key">Which register.</param>
    public static RegisterCall<T> Exchange(T expected, T value, string? key = null) =>
        new() { IsWrite = true, IsConditional = true, Expected = expected, Value = value, Key = key };

    /// <summary>In a few words, for a picture.</summary>
    public override string ToString() => (IsConditional ? $"{Expected}?{Value}" : IsWrite ? $"={Value}" : "read") + (Key is null ? "" : $" {Key}");
}
