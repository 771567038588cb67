namespace Diesel.Reactive;

/// <summary>Items up to bytes that stand where the next one would begin.</summary>
internal sealed class TerminatedDecoder<T>(Framing<T> item, byte[] end, int maxCount) : ManyDecoder<T>(item, maxCount)
{
    // An item has begun: what comes is no end.
    private bool _inItem;

    public override void Reset()
    {
        base.Reset();
        _inItem = false;
    }

    protected override bool TryStep(GrammarRun run, out IReadOnlyList<T> frame)
    {
        while (!IsEnd(run))
        {
            if (!_inItem || !TryAdd(run, out _))
            {
                return NotYet(out frame);
            }

            _inItem = false;
        }

        return Done(out frame);
    }

    // False and no item begun: it cannot be told yet.
    private bool IsEnd(GrammarRun run)
    {
        if (_inItem)
        {
            return false;
        }

        var rest = run.Rest.Span;
        var same = end.AsSpan().CommonPrefixLength(rest);
        if (same == end.Length)
        {
            run.Take(same);
            return true;
        }

        if (same == rest.Length)
        {
            run.Wait();
            return false;
        }

        ThrowIfFull();
        _inItem = true;
        return false;
    }
}
