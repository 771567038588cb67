namespace Diesel.Reactive.Testing;

/// <summary>How a stream of bytes is cut into chunks: of so many bytes that are there, a chunk takes so many.</summary>
/// <remarks>As with TCP, a chunk has nothing to do with what was sent at once: sends that have arrived are merged, and then
/// cut. A program that is right works with every cut.</remarks>
public sealed class Cut
{
    private readonly Func<int, Func<long, long>, int> _take;
    private readonly string _name;

    private Cut(string name, Func<int, Func<long, long>, int> take) => (_name, _take) = (name, take);

    /// <summary>All that is there.</summary>
    public static Cut Whole { get; } = new(nameof(Whole), static (there, _) => there);

    /// <summary>One byte at a time.</summary>
    public static Cut Bytewise { get; } = new(nameof(Bytewise), static (_, _) => 1);

    /// <summary>A number drawn from the network's seed, anew for each chunk.</summary>
    /// <param name="longest">The most bytes a chunk takes; at least 1.</param>
    /// <returns>The cut.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="longest"/> is below 1.</exception>
    /// <remarks>Each chunk shorter than what is there is a fault of the kind <see cref="FaultKind.Cut"/>; one that may not
    /// strike leaves the chunk whole.</remarks>
    public static Cut Random(int longest = 40)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, 1);
        return new Cut($"Random({longest})", (there, draw) => (int)draw(Math.Min(there, longest)));
    }

    /// <summary>As many as a function says.</summary>
    /// <param name="take">Given how many bytes are there, at least 1, says how many the chunk takes: at least 1, at most
    /// those. Called on the hub that receives.</param>
    /// <returns>The cut.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="take"/> is null.</exception>
    /// <remarks>Errors: a number out of bounds is an <see cref="InvalidOperationException"/> in <see cref="Hub.Errors"/>.</remarks>
    public static Cut Of(Func<int, int> take)
    {
        ArgumentNullException.ThrowIfNull(take);
        return new Cut("Of(function)", (there, _) => take(there));
    }

    /// <summary>Its name.</summary>
    public override string ToString() => _name;

    /// <summary>How many bytes the next chunk takes.</summary>
    /// <param name="there">How many are there.</param>
    /// <param name="draw">Draws a number from 1 to the given one.</param>
    internal int Take(int there, Func<long, long> draw)
    {
        var count = _take(there, draw);
        return count >= 1 && count <= there ? count : throw new InvalidOperationException(
            $"The cut of a link took {count} of {there} bytes. It must take at least 1, and at most those that are there.");
    }
}
