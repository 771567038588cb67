namespace Diesel.Reactive.Tests;

/// <summary>A difference between the virtual network and a real one that is none, with the reason. The program is compared up to
/// there: what follows would differ for the same reason.</summary>
/// <param name="Why">Why both are right.</param>
/// <param name="Explains">Whether a difference is of this kind.</param>
internal sealed record Allowance(string Why, Func<Difference, bool> Explains)
{
    /// <summary>What the portable sockets cannot know.</summary>
    /// <param name="told">What a reset is told as.</param>
    public static Allowance ResetUnheard(string told)
    {
        return new(
            "The system's portable sockets say nothing of a reset while bytes, or the peer's end, are there to read and nobody reads.",
            difference => difference.Ground == "portable" && difference.Expected.Errors == difference.Actual.Errors
                && difference.Done.Any(static step => step.Verb is "closes" or "aborts" or "disposes" or "fails")
                && IsSameOrUnheard(difference.Expected.A, difference.Actual.A) && IsSameOrUnheard(difference.Expected.B, difference.Actual.B));

        bool IsSameOrUnheard(string expected, string actual) =>
            expected == actual || (IsBegun(expected.Split(' '), actual.Split(' ', StringSplitOptions.RemoveEmptyEntries)) && !actual.Contains(told, StringComparison.Ordinal));
    }

    /// <summary>What follows from that for a connection that was told of its peer's end, and of nothing after it.</summary>
    public static Allowance ResetBehindEndUnheard { get; } = new(
        "An end that portable sockets do not tell of a reset, behind the peer's FIN, goes on as one whose peer has only ended.",
        static difference => difference.Ground == "portable" && difference.Done.Any(static step => step.Verb is "aborts" or "fails")
            && UntilClosed(difference.Expected.A) == UntilClosed(difference.Actual.A) && UntilClosed(difference.Expected.B) == UntilClosed(difference.Actual.B)
            && difference.Expected.ToString().Contains("closed", StringComparison.Ordinal));

    /// <summary>What a turn does not promise.</summary>
    public static Allowance SentSooner { get; } = new(
        "That output was sent is told when it is flushed, at the end of a turn; what is there to be read is told in the same turn or the next.",
        static difference => difference.Expected.Errors == difference.Actual.Errors
            && WithoutSent(difference.Expected.A) == WithoutSent(difference.Actual.A) && WithoutSent(difference.Expected.B) == WithoutSent(difference.Actual.B));

    private static string UntilClosed(string tale) => tale.Split("closed")[0];

    private static string WithoutSent(string tale)
    {
        var rest = new Tale();
        foreach (var word in tale.Split(' ').Where(static word => word != "sent"))
        {
            if (int.TryParse(word, out var count))
            {
                rest.Received(count);
            }
            else
            {
                rest.Add(word);
            }
        }

        return rest.ToString();
    }

    // The same as far as it goes; the last number of bytes may be less.
    private static bool IsBegun(string[] expected, string[] actual) => actual.Length <= expected.Length && Enumerable.Range(0, actual.Length).All(i =>
        actual[i] == expected[i] || (i == actual.Length - 1 && int.TryParse(actual[i], out var some) && int.TryParse(expected[i], out var all) && some < all));
}

/// <summary>How far two runs of a program agree: the first quiet point where they do not.</summary>
/// <param name="Ground">The real network's name.</param>
/// <param name="Done">The steps before that point.</param>
/// <param name="Expected">What A and B had been told on the virtual network.</param>
/// <param name="Actual">What A and B had been told on the real one.</param>
internal sealed record Difference(string Ground, IReadOnlyList<Step> Done, Sight Expected, Sight Actual);

/// <summary>What both ends had been told at a quiet point, and what the hub reported.</summary>
internal sealed record Sight(string A, string B, string Errors)
{
    public override string ToString() => $"A: {A}   B: {B}{(Errors.Length > 0 ? $"   errors: {Errors}" : "")}";
}
