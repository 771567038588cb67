namespace Diesel.Reactive;

/// <summary>The waits of one thing that may fail again and again. One thread at a time.</summary>
internal sealed class BackoffRun(Backoff recipe, ulong seed)
{
    private Draws _draws = new(seed);
    private TimeSpan? _bound;

    /// <summary>Of something that lives on a hub.</summary>
    public BackoffRun(Backoff recipe, Hub hub)
        : this(recipe, Draws.SeedFor(hub))
    {
    }

    /// <summary>It has failed once more: how long to wait.</summary>
    public TimeSpan Next()
    {
        var bound = _bound ?? (recipe.First < recipe.Most ? recipe.First : recipe.Most);
        _bound = bound.Ticks * recipe.Factor < recipe.Most.Ticks ? bound * recipe.Factor : recipe.Most;
        return recipe.Jitter ? bound * _draws.Next() : bound;
    }

    /// <summary>It has gone well for so long.</summary>
    /// <returns>Whether that was long enough to begin anew.</returns>
    public bool WasWell(TimeSpan duration)
    {
        if (duration < recipe.ResetAfter)
        {
            return false;
        }

        Reset();
        return true;
    }

    /// <summary>Begins anew.</summary>
    public void Reset() => _bound = null;
}
