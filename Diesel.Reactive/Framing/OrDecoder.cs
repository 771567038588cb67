namespace Diesel.Reactive;

internal sealed class OrDecoder<T>(Framing<T> first, Framing<T> second) : Decoder<T>
{
    private Decoder<T>? _first;
    private Decoder<T>? _second;
    private bool _firstFailed;

    // Bytes are gone that the second alternative would have to start with.
    private bool _committed;

    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out T frame, out int consumed)
    {
        GrammarDepth.Check();
        var failed = true;
        try
        {
            var found = TryDecodeAlternatives(buffer, out frame, out consumed);
            failed = false;
            return found;
        }
        finally
        {
            if (failed)
            {
                _first = null;
                _second = null;
                _firstFailed = false;
                _committed = false;
            }
        }
    }

    private bool TryDecodeAlternatives(ReadOnlyMemory<byte> buffer, out T frame, out int consumed)
    {
        if (!_firstFailed && TryFirst(buffer, out var found, out frame, out consumed))
        {
            return found;
        }

        _second ??= second.CreateDecoder();
        found = _second.TryDecode(buffer, out frame, out consumed);
        _firstFailed = !found;
        return found;
    }

    private bool TryFirst(ReadOnlyMemory<byte> buffer, out bool found, out T frame, out int consumed)
    {
        try
        {
            _first ??= first.CreateDecoder();
            found = _first.TryDecode(buffer, out frame, out consumed);
            _committed = !found && (_committed || consumed > 0);
            return true;
        }
        catch (ProtocolException failure) when (!_committed && failure is not GrammarDepthException)
        {
            _first = null;
            (found, frame, consumed) = (false, default!, 0);
            return false;
        }
    }
}
