namespace Diesel.Reactive;

/// <summary>As many items as another part, in front of them, says.</summary>
internal sealed class CountedDecoder<T>(Framing<T> item, Framing<ulong> count, int maxCount) : ManyDecoder<T>(item, maxCount)
{
    private Decoder<ulong>? _count;
    private ulong? _announced;

    public override void Reset()
    {
        base.Reset();
        (_count, _announced) = (null, null);
    }

    protected override bool TryStep(GrammarRun run, out IReadOnlyList<T> frame)
    {
        if (_announced is null && !TryCount(run))
        {
            return NotYet(out frame);
        }

        while ((ulong)Count < _announced)
        {
            if (!TryAdd(run, out _))
            {
                return NotYet(out frame);
            }
        }

        _announced = null;
        return Done(out frame);
    }

    private bool TryCount(GrammarRun run)
    {
        if (!(_count ??= count.CreateDecoder()).TryPart(run, out var announced))
        {
            return false;
        }

        _announced = announced <= (ulong)MaxCount
            ? announced
            : throw new ProtocolException($"A count of {announced} arrived, at most {MaxCount} items may follow. Raise maxCount if so many are allowed.");
        return true;
    }
}
