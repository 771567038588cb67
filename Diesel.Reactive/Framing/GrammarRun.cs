namespace Diesel.Reactive;

/// <summary>A grammar at work on one frame: which parts have begun, one inside the other, and where the next one starts.</summary>
/// <remarks>When bytes come, the innermost part goes on at once, however many are around it: so a frame's work is linear in its bytes,
/// and the thread's stack holds none of its depth.</remarks>
internal sealed class GrammarRun(IComposedDecoder root)
{
    /// <summary>Parts inside one another. What they hold is more than their bytes: a peer must not have us make them without end.</summary>
    public const int MostParts = 32768;

    private const int PartsKept = 64;

    private readonly Stack<IComposedDecoder> _parts = new();
    private ReadOnlyMemory<byte> _buffer;

    // Within the buffer, behind the parts that are done.
    private int _offset;

    // Bytes of this frame that were thrown away by a part's policy.
    private long _gone;
    private int _consumed;
    private bool _waits;
    private bool _isEnd;

    /// <summary>What the part that waits still needs, as far as it knows.</summary>
    public int Missing { get; private set; }

    /// <summary>Where the next part starts, in bytes from the frame's beginning.</summary>
    public long Position => _gone + _offset;

    /// <summary>What has arrived from there on.</summary>
    public ReadOnlyMemory<byte> Rest => _buffer[_offset..];

    /// <summary>Steps taken so far: its tests count the work by them.</summary>
    public long Steps { get; private set; }

    /// <summary>Goes on with what has arrived; true when the root has its frame.</summary>
    public bool TryGoOn(ReadOnlyMemory<byte> buffer, out int consumed)
    {
        (_buffer, _consumed, _waits) = (buffer, 0, false);
        var failed = true;
        try
        {
            var found = TryRun();
            consumed = _consumed;
            failed = false;
            return found;
        }
        finally
        {
            _buffer = default;
            if (failed)
            {
                StartOver();
                root.Reset();
            }
        }
    }

    /// <summary>As <see cref="TryGoOn"/>, when no more will arrive: a part that would wait is completed by that, or has failed.</summary>
    public bool TryEnd(ReadOnlyMemory<byte> buffer, out int consumed)
    {
        _isEnd = true;
        try
        {
            return TryGoOn(buffer, out consumed);
        }
        catch (OpenPartException)
        {
            consumed = 0;
            return false;
        }
        finally
        {
            _isEnd = false;
        }
    }

    /// <summary>A part made of others: it goes on before who asked for it.</summary>
    public void Begin(IComposedDecoder part)
    {
        if (_parts.Count == MostParts)
        {
            throw new GrammarDepthException();
        }

        _parts.Push(part);
    }

    /// <summary>A part that is not: asked at once.</summary>
    public bool TryLeaf<T>(Decoder<T> leaf, out T frame)
    {
        Steps++;
        if (leaf.TryDecode(_buffer[_offset..], out frame, out var consumed))
        {
            _offset += consumed;
            return true;
        }

        // What is thrown away cannot go without what is in front of it, whose value is kept.
        if (consumed != 0)
        {
            _consumed = _offset + consumed;
            _gone += _consumed;
            _offset = 0;
        }

        if (_isEnd && consumed == 0 && leaf.TryDecodeEnd(Rest, out frame, out var last))
        {
            _offset += last;
            return true;
        }

        Wait();
        Missing = leaf.Missing(Math.Max(_buffer.Length - _consumed - _offset, 0));
        return false;
    }

    /// <summary>Takes bytes that the part which asks has looked at.</summary>
    public void Take(int count) => _offset += count;

    /// <summary>Nothing goes on before there are more bytes.</summary>
    public void Wait()
    {
        if (_isEnd)
        {
            throw new OpenPartException();
        }

        (_waits, Missing) = (true, 0);
    }

    /// <summary>Whether the bytes from there on are still here.</summary>
    public bool CanGoBack(long position) => position >= _gone;

    /// <summary>The next part starts there.</summary>
    public void GoBack(long position) => _offset = (int)(position - _gone);

    private bool TryRun()
    {
        if (_parts.Count == 0)
        {
            _parts.Push(root);
        }

        while (!_waits && _parts.Count > 0)
        {
            try
            {
                Run();
            }
            catch (ProtocolException failure) when (failure is not GrammarDepthException && CanGoBack())
            {
                GoBack();
            }
        }

        if (_waits)
        {
            return false;
        }

        _consumed = _offset;
        StartOver();
        return true;
    }

    // Until the root is done or bytes are missing.
    private void Run()
    {
        while (!_waits && _parts.TryPeek(out var innermost))
        {
            Steps++;
            if (innermost.TryStep(this))
            {
                _parts.Pop();
            }
        }
    }

    private bool CanGoBack()
    {
        foreach (var part in _parts)
        {
            if (part.CanGoBack(this))
            {
                return true;
            }
        }

        return false;
    }

    // To the innermost part that knows another way; those inside it are given up.
    private void GoBack()
    {
        while (!_parts.Peek().CanGoBack(this))
        {
            _parts.Pop();
            Steps++;
        }

        _parts.Peek().GoBack(this);
    }

    private void StartOver()
    {
        _parts.Clear();
        (_offset, _gone) = (0, 0);
        if (_parts.Capacity > PartsKept)
        {
            _parts.TrimExcess(0);
        }
    }
}
