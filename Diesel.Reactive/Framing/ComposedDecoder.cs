namespace Diesel.Reactive;

/// <summary>A part that is made of others.</summary>
internal interface IComposedDecoder
{
    /// <summary>Goes on as far as its own parts are there; true when its frame is, which it keeps for who asked.</summary>
    bool TryStep(GrammarRun run);

    /// <summary>Whether it knows another way from where it began, now that a part of it has failed.</summary>
    bool CanGoBack(GrammarRun run);

    /// <summary>Takes that way.</summary>
    void GoBack(GrammarRun run);

    /// <summary>Forgets its parts, which may be anywhere.</summary>
    void Reset();
}

/// <summary>A decoder made of others. It does not call those that are made of others themselves: it asks the run for them, which comes
/// back when they are done.</summary>
internal abstract class ComposedDecoder<T> : Decoder<T>, IComposedDecoder
{
    private GrammarRun? _run;
    private bool _isDone;
    private T _frame = default!;

    /// <summary>Of a decoder that is no part of another one.</summary>
    internal GrammarRun Run => _run ??= new GrammarRun(this);

    public sealed override bool TryDecode(ReadOnlyMemory<byte> buffer, out T frame, out int consumed)
    {
        // A decoder of the user's may call this one, and be a part of another.
        GrammarDepth.Check();
        return Run.TryGoOn(buffer, out consumed) ? TryTake(out frame) : Nothing(out frame);
    }

    public sealed override bool TryDecodeEnd(ReadOnlyMemory<byte> buffer, out T frame, out int consumed)
    {
        GrammarDepth.Check();
        return Run.TryEnd(buffer, out consumed) ? TryTake(out frame) : Nothing(out frame);
    }

    public sealed override int Missing(int buffered) => Run.Missing;

    public bool TryStep(GrammarRun run) => _isDone = TryStep(run, out _frame);

    public virtual bool CanGoBack(GrammarRun run) => false;

    public virtual void GoBack(GrammarRun run) => throw new InvalidOperationException("It knows one way only.");

    public abstract void Reset();

    internal sealed override bool TryPart(GrammarRun run, out T frame)
    {
        if (_isDone)
        {
            return TryTake(out frame);
        }

        run.Begin(this);
        return Nothing(out frame);
    }

    /// <summary>Goes on; true when its frame is there and it is ready for the next one.</summary>
    protected abstract bool TryStep(GrammarRun run, out T frame);

    private static bool Nothing(out T frame)
    {
        frame = default!;
        return false;
    }

    private bool TryTake(out T frame)
    {
        frame = _frame;
        (_isDone, _frame) = (false, default!);
        return true;
    }
}
