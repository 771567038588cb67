namespace Diesel.Reactive;

internal sealed class SelectManyDecoder<T, TTail, TResult>(
    Framing<T> head, Func<T, Framing<TTail>> selector, Func<T, TTail, TResult> result) : ComposedDecoder<TResult>
{
    private Decoder<T>? _head;
    private T _value = default!;

    // Null while the head is still being decoded.
    private Decoder<TTail>? _tail;

    private Framing<TTail>? _lastFraming;
    private Decoder<TTail>? _lastTail;

    public override void Reset()
    {
        (_head, _lastTail, _lastFraming) = (null, null, null);
        StartOver();
    }

    protected override bool TryStep(GrammarRun run, out TResult frame)
    {
        frame = default!;
        if (_tail is null)
        {
            if (!(_head ??= head.CreateDecoder()).TryPart(run, out _value))
            {
                return false;
            }

            _tail = DecoderOf(selector(_value));
        }

        if (!_tail.TryPart(run, out var last))
        {
            return false;
        }

        frame = result(_value, last);
        StartOver();
        return true;
    }

    private Decoder<TTail> DecoderOf(Framing<TTail> framing)
    {
        if (framing is null)
        {
            throw new InvalidOperationException("The selector of SelectMany returned null instead of a framing.");
        }

        if (!ReferenceEquals(framing, _lastFraming))
        {
            _lastTail = framing.CreateDecoder();
            _lastFraming = framing;
        }

        return _lastTail!;
    }

    private void StartOver() => (_tail, _value) = (null, default!);
}
