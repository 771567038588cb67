namespace Diesel.Reactive.Testing;

/// <summary>What is asked of a lock with fences.</summary>
/// <param name="Act">What to do.</param>
/// <param name="Fence">The number the holder was given; no matter where it is acquired.</param>
public sealed record LockCall(LockAct Act, long Fence = 0)
{
    /// <summary>In a few words, for a picture.</summary>
    public override string ToString() => Act == LockAct.Acquire ? "acquire" : Act == LockAct.Expire ? "expire" : $"{Act.ToString().ToLowerInvariant()} {Fence}";
}

/// <summary>What can be done with a lock.</summary>
public enum LockAct
{
    /// <summary>Takes it, if it is free.</summary>
    Acquire,

    /// <summary>Does what only its holder may.</summary>
    Use,

    /// <summary>Gives it back.</summary>
    Release,

    /// <summary>Its time is over, whoever holds it.</summary>
    Expire,
}

/// <summary>What a lock with fences knows.</summary>
/// <param name="Holder">The fence of who holds it; 0: nobody.</param>
/// <param name="Last">The highest fence that was given.</param>
public sealed record LockState(long Holder, long Last);
