namespace Diesel.Reactive;

/// <summary>Items up to and including the last, which is known by itself.</summary>
internal sealed class UntilLastDecoder<T>(Framing<T> item, Func<T, bool> isLast, int maxCount) : ManyDecoder<T>(item, maxCount)
{
    protected override bool TryStep(GrammarRun run, out IReadOnlyList<T> frame)
    {
        while (TryAdd(run, out var added))
        {
            if (isLast(added))
            {
                return Done(out frame);
            }

            ThrowIfFull();
        }

        return NotYet(out frame);
    }
}
