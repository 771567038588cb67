namespace Diesel.Reactive.Protocols.Riak;

/// <summary>One of several values of a key that do not know each other.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <param name="Value">What was stored.</param>
/// <param name="LastModified">When, by the clock of the node that took it; the epoch if it does not say.</param>
/// <param name="Content">With all that is known of it.</param>
public sealed record Sibling<T>(T Value, DateTimeOffset LastModified, RiakContent Content);

/// <summary>Decides between siblings; made by <see cref="Resolve"/>.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <param name="siblings">At least two, in the node's order.</param>
/// <returns>The value that stands for all of them.</returns>
/// <remarks>It may be asked again for what it has decided, and by several clients in any order: <c>max</c> and <c>union</c> come out the same, "the first" does not. What it throws is the error of
/// all who wait for it.</remarks>
public delegate T Resolver<T>(IReadOnlyList<Sibling<T>> siblings);

/// <summary>Ways to decide between siblings.</summary>
public static class Resolve
{
    /// <summary>Two at a time.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="choose">Takes time and value of one, and of the other; gives the value for both.</param>
    /// <returns>A resolver.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="choose"/> is null.</exception>
    /// <remarks>Idea: diesel's <c>resolve(t1, v1, t2, v2)</c>. The time of a value that was made of two is the later one.</remarks>
    public static Resolver<T> Pairwise<T>(Func<DateTimeOffset, T, DateTimeOffset, T, T> choose)
    {
        ArgumentNullException.ThrowIfNull(choose);
        return siblings =>
        {
            var (time, value) = (siblings[0].LastModified, siblings[0].Value);
            foreach (var other in siblings.Skip(1))
            {
                value = choose(time, value, other.LastModified, other.Value);
                time = time > other.LastModified ? time : other.LastModified;
            }

            return value;
        };
    }

    /// <summary>All at once.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="choose">Gives the value for all.</param>
    /// <returns>A resolver.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="choose"/> is null.</exception>
    public static Resolver<T> All<T>(Func<IReadOnlyList<Sibling<T>>, T> choose)
    {
        ArgumentNullException.ThrowIfNull(choose);
        return siblings => choose(siblings);
    }

    /// <summary>The one that was stored last, by the nodes' clocks. The others are lost.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <returns>A resolver.</returns>
    public static Resolver<T> LastWriteWins<T>() => static siblings => siblings.MaxBy(static one => one.LastModified)!.Value;

    /// <summary>There are to be none: siblings are an error, <see cref="SiblingsException"/>.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <returns>A resolver.</returns>
    public static Resolver<T> Fail<T>() => static siblings => throw new SiblingsException($"There are {siblings.Count} siblings where none were to be.");
}

/// <summary>Siblings were found that nobody could decide between.</summary>
public sealed class SiblingsException : Exception
{
    internal SiblingsException(string message)
        : base(message)
    {
    }
}
