namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Code points in the one form that all spellings of a text have (NFKC), by Unicode 3.2.</summary>
/// <remarks>.NET's own has no data in a process with <c>InvariantGlobalization</c>, and the newest otherwise. Source: Unicode Standard Annex 15; for Hangul the Unicode
/// Standard, section 3.12.</remarks>
internal static class CompatibleText
{
    private const int Syllables = 0xac00;
    private const int Leads = 0x1100;
    private const int Vowels = 0x1161;
    private const int Tails = 0x11a7;
    private const int VowelCount = 21;
    private const int TailCount = 28;
    private const int LeadCount = 19;
    private const int SyllableCount = LeadCount * VowelCount * TailCount;

    public static List<int> Of(IEnumerable<int> text, UnicodeTables tables)
    {
        var points = new List<int>();
        foreach (var point in text)
        {
            Part(point, tables, points);
        }

        Order(points, tables);
        return Composed(points, tables);
    }

    private static void Part(int point, UnicodeTables tables, List<int> points)
    {
        var syllable = point - Syllables;
        if (syllable is >= 0 and < SyllableCount)
        {
            points.Add(Leads + (syllable / (VowelCount * TailCount)));
            points.Add(Vowels + (syllable % (VowelCount * TailCount) / TailCount));
            if (syllable % TailCount is > 0 and var tail)
            {
                points.Add(Tails + tail);
            }
        }
        else if (tables.Parts.TryGetValue(point, out var parts))
        {
            points.AddRange(parts);
        }
        else
        {
            points.Add(point);
        }
    }

    // Of what combines with one letter the lower class stands first; of one class it stays as it is.
    private static void Order(List<int> points, UnicodeTables tables)
    {
        for (var i = 1; i < points.Count; i++)
        {
            var own = tables.Classes.GetValueOrDefault(points[i]);
            for (var at = i; own > 0 && at > 0 && tables.Classes.GetValueOrDefault(points[at - 1]) > own; at--)
            {
                (points[at - 1], points[at]) = (points[at], points[at - 1]);
            }
        }
    }

    private static List<int> Composed(List<int> points, UnicodeTables tables)
    {
        var (composed, starter, last) = (new List<int>(points.Count), -1, 0);
        foreach (var point in points)
        {
            var own = tables.Classes.GetValueOrDefault(point);

            // Nothing between the letter and it that it would have to pass.
            var isNext = starter >= 0 && (starter == composed.Count - 1 || (last != 0 && last < own));
            if (isNext && Whole(composed[starter], point, tables) is { } whole)
            {
                composed[starter] = whole;
                continue;
            }

            composed.Add(point);
            last = own;
            if (own == 0)
            {
                starter = composed.Count - 1;
            }
        }

        return composed;
    }

    private static int? Whole(int first, int second, UnicodeTables tables) => (first - Leads, second - Vowels, first - Syllables, second - Tails) switch
    {
        ( >= 0 and < LeadCount and var lead, >= 0 and < VowelCount and var vowel, _, _) => Syllables + (((lead * VowelCount) + vowel) * TailCount),
        (_, _, >= 0 and < SyllableCount and var syllable, > 0 and < TailCount and var tail) when syllable % TailCount == 0 => first + tail,
        _ => tables.Wholes.TryGetValue((first, second), out var whole) ? whole : null,
    };
}
