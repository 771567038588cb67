namespace Diesel.Reactive.Testing;

/// <summary>Looks for a part of a schedule of faults that is enough to make a scenario fail, from which no single fault can be
/// taken away, and for the least that each of them must do for it.</summary>
/// <remarks>Delta debugging: first large parts are tried without, then ever smaller ones. Then each amount is halved as often as can be.</remarks>
internal sealed class Shrinking(IReadOnlyList<Fault> faults, Func<IReadOnlyList<Fault>, bool> fails, int maxRuns)
{
    /// <summary>How many times the scenario was run for it.</summary>
    public int Runs { get; private set; }

    private bool IsSpent => Runs >= maxRuns;

    /// <summary>The shortest schedule found, of the least amounts, in the order given.</summary>
    public IReadOnlyList<Fault> Least()
    {
        var shortest = Shortest();
        var least = Smaller(shortest);

        // What does less may leave another with nothing to do.
        while (!least.SequenceEqual(shortest) && !IsSpent && least.Length > 1 && Without(least, least.Length) is { } shorter)
        {
            least = shorter;
        }

        return least;
    }

    /// <summary>The shortest schedule found, in the order given.</summary>
    public IReadOnlyList<Fault> Shortest()
    {
        var (shortest, parts) = (faults, 1);
        while (shortest.Count > 0 && !IsSpent)
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
        for (var part = 0; part < parts && !IsSpent; part++)
        {
            var (from, to) = (all.Count * part / parts, all.Count * (part + 1) / parts);
            Fault[] rest = [.. all.Take(from), .. all.Skip(to)];
            if (Fails(rest))
            {
                return rest;
            }
        }

        return null;
    }

    private Fault[] Smaller(IReadOnlyList<Fault> all)
    {
        Fault[] smaller = [.. all];
        for (var i = 0; i < smaller.Length; i++)
        {
            var at = i;
            Shrink(smaller[at].Lasts?.Ticks, ticks => Changed(at, fault => fault with { Lasts = TimeSpan.FromTicks(ticks) }));
            Shrink(smaller[at].After?.Ticks, ticks => Changed(at, fault => fault with { After = TimeSpan.FromTicks(ticks) }));
            Shrink(smaller[at].Bytes, bytes => Changed(at, fault => fault with { Bytes = (int)bytes }));
        }

        return smaller;

        // Whether it fails so, too; then it stays so.
        bool Changed(int at, Func<Fault, Fault> change)
        {
            var before = smaller[at];
            smaller[at] = change(before);
            if (Fails(smaller))
            {
                return true;
            }

            smaller[at] = before;
            return false;
        }
    }

    // The least amount with which it fails: nothing at all, or what halving finds, in whole milliseconds where it is that.
    private void Shrink(long? amount, Func<long, bool> failsWith)
    {
        if (amount is not > 0 || IsSpent || failsWith(0))
        {
            return;
        }

        var unit = amount % TimeSpan.TicksPerMillisecond == 0 ? TimeSpan.TicksPerMillisecond : 1;
        var (low, high) = (0L, amount.Value / unit);
        while (high - low > 1 && !IsSpent)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = failsWith(middle * unit) ? (low, middle) : (middle, high);
        }
    }

    private bool Fails(IReadOnlyList<Fault> only)
    {
        Runs++;
        return fails([.. only]);
    }
}
