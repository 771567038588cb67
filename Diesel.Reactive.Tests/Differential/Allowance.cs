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

    /// <summary>What follows from that for an end that does something when it is told.</summary>
    public static Allowance DoneSooner { get; } = new(
        "What an end does when it is told that output was sent comes, for the same reason, before or behind what else it is told in that turn or the next.",
        static difference => difference.Expected.Errors == difference.Actual.Errors
            && difference.Done.Any(step => step.On == "sent" && PartAtSent(difference.Of(step.End))));

    /// <summary>What the kernel does with the end of a Unix socket.</summary>
    public static Allowance ResetInPlaceOfEnd { get; } = new(
        "At a Unix socket a reset takes the place of an end before it that has not been read.",
        static difference => difference.Expected.Errors == difference.Actual.Errors
            && IsSameButForTheEnd(difference.Expected.A, difference.Actual.A) && IsSameButForTheEnd(difference.Expected.B, difference.Actual.B));

    /// <summary>What a stream does not promise.</summary>
    public static Allowance OneChunkOrTwo { get; } = new(
        "What a peer sends in answer to something comes in one chunk with what it sent before, or in the next, which an end that asks for one does not see.",
        static difference => difference.Expected.Errors == difference.Actual.Errors
            && (IsOneChunkMore(difference, 'A', 'B') || IsOneChunkMore(difference, 'B', 'A')));

    /// <summary>What follows from that for a connection that stops reading at a chunk.</summary>
    public static Allowance OneReadOrTwo { get; } = new(
        "What a peer sends in several goes, one right behind the other, comes in one chunk or in several: who stops reading at a chunk has seen more of it, or its end.",
        static difference => difference.Expected.Errors == difference.Actual.Errors
            && (HasReadMore(difference, 'A', 'B') || HasReadMore(difference, 'B', 'A')));

    private static bool IsSameButForTheEnd(string expected, string actual) =>
        expected == actual || expected.Replace("| #ConnectionReset", "#ConnectionReset", StringComparison.Ordinal) == actual;

    // From where they part, both say that output was sent; one of them at once, or behind nothing but bytes.
    private static bool PartAtSent((string Expected, string Actual) told)
    {
        var (expected, actual) = (told.Expected.Split(' '), told.Actual.Split(' '));
        var same = expected.Zip(actual).TakeWhile(static pair => pair.First == pair.Second).Count();
        var rests = (string[][])[expected[same..], actual[same..]];
        return Array.TrueForAll(rests, static rest => rest.Contains("sent"))
            && Array.Exists(rests, static rest => rest.SkipWhile(static word => int.TryParse(word, out _)).First() == "sent");
    }

    // More by what the peer has sent in answer to something, all of it or some.
    private static bool IsOneChunkMore(Difference difference, char end, char peer)
    {
        var ((expected, actual), peers) = (difference.Of(end), difference.Of(peer));
        var answers = difference.Done.Where(step => step.End == peer && step.On is not null && step.Verb is "sends" or "sends in parts");
        return peers.Expected == peers.Actual
            && difference.Done.Any(step => step.End == end && step.Verb is "reads once" or "holds")
            && (IsBegun(expected.Split(' '), actual.Split(' ')) || IsBegun(actual.Split(' '), expected.Split(' ')))
            && Bytes(expected) != Bytes(actual)
            && SumsOf(answers.Select(static step => step.Amount)).Contains(Math.Abs(Bytes(expected) - Bytes(actual)));
    }

    // The same words, but for how many bytes there are, or for the end that shows when all of them were read.
    private static bool HasReadMore(Difference difference, char end, char peer)
    {
        var ((expected, actual), peers) = (difference.Of(end), difference.Of(peer));
        var stops = difference.Done.Where(step => step.End == end).Select(static step => step.Verb).ToHashSet();
        var more = Math.Abs(Bytes(expected) - Bytes(actual));
        var hasEnded = stops.Contains("completes") && IsClosedToo(WithoutBytes(expected), WithoutBytes(actual));
        return peers.Expected == peers.Actual && stops.Overlaps(["pauses", "disposes", "completes", "aborts", "fails"])
            && (hasEnded || (more > 0 && WithoutBytes(expected) == WithoutBytes(actual)))
            && SumsOf(SentInAGo(difference.Done, peer)).Contains(more);
    }

    private static bool IsClosedToo(string tale, string other) => $"{tale} closed".Trim() == other || $"{other} closed".Trim() == tale;

    private static string WithoutBytes(string tale) => string.Join(' ', tale.Split(' ').Where(static word => !int.TryParse(word, out _)));

    // Sent in answer to something, or right behind or before something else.
    private static IEnumerable<int> SentInAGo(IReadOnlyList<Step> done, char end)
    {
        var steps = done.Where(step => step.End == end).ToArray();
        return steps.Where((step, i) => step.Verb.StartsWith("sends", StringComparison.Ordinal)
            && (step.On is not null || !step.Waits || (i > 0 && (!steps[i - 1].Waits || steps[i - 1].On is not null)))).Select(static step => step.Amount);
    }

    private static int[] SumsOf(IEnumerable<int> amounts) =>
        amounts.Aggregate((int[])[0], static (sums, amount) => [.. sums, .. sums.Select(sum => sum + amount)]);

    private static int Bytes(string tale) => tale.Split(' ').Sum(static word => int.TryParse(word, out var count) ? count : 0);

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
internal sealed record Difference(string Ground, IReadOnlyList<Step> Done, Sight Expected, Sight Actual)
{
    /// <summary>What one of the ends had been told on both.</summary>
    public (string Expected, string Actual) Of(char end) => end == 'A' ? (Expected.A, Actual.A) : (Expected.B, Actual.B);
}

/// <summary>What both ends had been told at a quiet point, and what the hub reported.</summary>
internal sealed record Sight(string A, string B, string Errors)
{
    public override string ToString() => $"A: {A}   B: {B}{(Errors.Length > 0 ? $"   errors: {Errors}" : "")}";
}
