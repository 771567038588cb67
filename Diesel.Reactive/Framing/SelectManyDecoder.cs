namespace Diesel.Reactive;

internal sealed class SelectManyDecoder<T, TTail, TResult>(
    Framing<T> head, Func<T, Framing<TTail>> selector, Func<T, TTail, TResult> result) : Decoder<TResult>
{
    private Decoder<T>? _head;
    private T _value = default!;

    // Null while the head is still being decoded.
    private Decoder<TTail>? _tail;

    private Framing<TTail>? _lastFraming;
    private Decoder<TTail>? _lastTail;

    // Where the tail starts in the buffer.
    private int _offset;

    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out TResult frame, out int consumed)
    {
        GrammarDepth.Check();
        var failed = true;
        try
        {
            var found = TryDecodeParts(buffer, out frame, out consumed);
            failed = false;
            return found;
        }
        finally
        {
            if (failed)
            {
                // The parts may be anywhere: new ones start at the beginning.
                _head = null;
                _lastTail = null;
                _lastFraming = null;
                StartOver();
            }
        }
    }

    private bool TryDecodeParts(ReadOnlyMemory<byte> buffer, out TResult frame, out int consumed)
    {
        frame = default!;
        if (_tail is null && !TryDecodeHead(buffer, out consumed))
        {
            return false;
        }

        if (!_tail!.TryDecode(buffer[_offset..], out var last, out consumed))
        {
            // Bytes the tail throws away cannot go without those in front of them, whose value is kept.
            if (consumed > 0)
            {
                consumed += _offset;
                _offset = 0;
            }

            return false;
        }

        consumed += _offset;
        frame = result(_value, last);
        StartOver();
        return true;
    }

    private bool TryDecodeHead(ReadOnlyMemory<byte> buffer, out int consumed)
    {
        _head ??= head.CreateDecoder();
        if (!_head.TryDecode(buffer, out _value, out consumed))
        {
            return false;
        }

        _offset = consumed;
        _tail = DecoderOf(selector(_value));
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

    private void StartOver()
    {
        _tail = null;
        _value = default!;
        _offset = 0;
    }
}
