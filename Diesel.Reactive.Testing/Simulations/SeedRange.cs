using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>The seeds of a test, and what the environment makes of them, so that a run at night is not that of the night before.</summary>
internal static class SeedRange
{
    private const string First = "MARBLES_SEED";
    private const string Count = "MARBLES_SEEDS";

    /// <summary>The seeds that a test asks for, or the environment instead.</summary>
    public static IReadOnlyList<int> OfEnvironment(int count) => Of(count, Environment.GetEnvironmentVariable(First), Environment.GetEnvironmentVariable(Count));

    /// <summary>The seeds.</summary>
    /// <param name="count">How many the test asks for.</param>
    /// <param name="first">The first; <c>random</c>: any; null or empty: 0.</param>
    /// <param name="instead">How many instead; <c>x20</c>: twenty times as many; null or empty: as the test asks.</param>
    /// <exception cref="InvalidOperationException">One of the two is neither.</exception>
    public static IReadOnlyList<int> Of(int count, string? first, string? instead)
    {
        count = string.IsNullOrEmpty(instead) ? count
            : instead[0] is 'x' or 'X' && Parsed(instead.AsSpan(1)) is > 0 and var times ? checked((int)Math.Min((long)count * times, int.MaxValue))
            : Parsed(instead) is > 0 and var given ? given
            : throw Wrong(Count, instead, "a number of seeds such as 5000, or a factor such as x20");
        var begin = string.IsNullOrEmpty(first) ? 0
            : first.Equals("random", StringComparison.OrdinalIgnoreCase) ? Random.Shared.Next()
            : Parsed(first) is >= 0 and var number ? number
            : throw Wrong(First, first, "the first seed, such as 40000, or random");
        return [.. Enumerable.Range(Math.Min(begin, int.MaxValue - count + 1), count)];
    }

    private static int Parsed(ReadOnlySpan<char> text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static InvalidOperationException Wrong(string variable, string value, string allowed) =>
        new($"The environment says {variable}={value}, and it must be {allowed}.");
}
