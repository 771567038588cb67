namespace Diesel.Reactive.Testing;

/// <summary>Looks for a part of a schedule of faults that is enough to make a scenario fail, from which no single fault can be
/// taken away.</summary>
/// <remarks>Delta debugging: first large parts are tried without, then ever smaller ones.</remarks>
internal sealed class Shrinking(IReadOnlyList<Fault> faults, Func<IReadOnlyList<Fault>, bool> fails, int maxRuns)
{
    /// <summary>How many times the scenario was run for it.</summary>
    public int Runs { get; private set; }

    /// <summary>The shortest schedule found, in the order given.</summary>
    public IReadOnlyList<Fault> Shortest()
    {
        var (shortest, parts) = (faults, 1);
        while (shortest.Count > 0 && Runs < maxRuns)
        {
            if (Without(shortest, parts) is { } shorter)
            {
                (shortest, parts) = (shorter, Math.Max(parts - 1, 1));
            }
            else if (parts >= shortest.Count)
            {
                break;
            }
            else
            {
                parts = Math.Min(parts * 2, shortest.Count);
            }
        }

        return shortest;
    }

    private Fault[]? Without(IReadOnlyList<Fault> all, int parts)
    {
        for (var part = 0; part < parts && Runs < maxRuns; part++)
        {
            var (from, to) = (all.Count * part / parts, all.Count * (part + 1) / parts);
            Fault[] rest = [.. all.Take(from), .. all.Skip(to)];
            Runs++;
            if (fails(rest))
            {
                return rest;
            }
        }

        return null;
    }
}
