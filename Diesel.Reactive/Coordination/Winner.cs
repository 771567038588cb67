namespace Diesel.Reactive;

/// <summary>Names of who won a race.</summary>
internal static class Winner
{
    private static readonly string[] Names = ["First", "Second", "Third"];

    public static string Text<T>(int winner, T value) => $"{Names[winner]} won: {value}";

    /// <summary>A loser was asked for its value.</summary>
    public static InvalidOperationException IsAnother(int winner, int asked) => new(
        $"{Names[asked]} has no value: {Names[winner]} won the race. Look at Index or Is{Names[asked]} first, or use Match or Try{Names[asked]}.");
}
