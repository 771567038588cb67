using System.Net.Security;

namespace Diesel.Reactive;

/// <summary>What was received, as records, and what the stream makes of them. The stream is asked only when there is a whole record, or the end: so it
/// hardly ever has to wait, and holds no memory while the connection does.</summary>
internal sealed class TlsInput(TlsWire wire, SslStream tls)
{
    private FrameBuffer _records;
    private ValueTask<int> _looking;
    private Exception? _error;
    private bool _isLooking;
    private bool _isDecrypted;
    private bool _mayBeDecrypted;
    private bool _hasToldEnd;

    /// <summary>Nothing more comes from below.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>What was read and not taken.</summary>
    public ReadOnlyMemory<byte> Chunk { get; private set; }

    /// <summary>There is no more to read.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The peer has said that it ends.</summary>
    public bool HasSaidEnd => IsAtEnd && !wire.HasToldEnd;

    /// <summary>Whether a read may give something without more from below.</summary>
    public bool MayHaveMore => HasEnded || _mayBeDecrypted || !wire.IsEmpty || !Chunk.IsEmpty || _records.Length > 0;

    /// <summary>The first bytes that are in no record yet; empty: there are none.</summary>
    public ReadOnlySpan<byte> Unread => _records.Shown.Span;

    /// <param name="chunk">Empty: the end.</param>
    public void Received(ReadOnlyMemory<byte> chunk)
    {
        HasEnded |= chunk.IsEmpty;
        _records.Append(chunk);
    }

    /// <summary>The call in which something was received ends: the memory it lies in is used for others.</summary>
    public void LetGoOfRoom()
    {
        wire.LetGoOfRoom();
        if (_records.Length > 0)
        {
            _records.ShowAll();
            _ = TlsRecords.First(_records.Shown.Span, out var missing);
            _records.LetGoOfArray(missing);
        }
    }

    /// <summary>Before a wait: what is left may lie in memory that others share.</summary>
    public void LetGoOfLargeArray() => _records.LetGoOfLargeArray();

    /// <summary>Takes the first record, if it is whole.</summary>
    /// <remarks>One at a time: behind the last of the handshake is the open connection's first, and behind a record of bytes may be the peer's
    /// end, which the stream would take along and not tell of.</remarks>
    public bool TryTakeRecord(out ReadOnlyMemory<byte> record)
    {
        while (true)
        {
            var shown = _records.Shown;
            if (TlsRecords.First(shown.Span, out var missing) is > 0 and var length)
            {
                record = shown[..length];
                _records.Advance(length);
                return true;
            }

            if (!_records.TryShowMore(missing))
            {
                record = default;
                return false;
            }
        }
    }

    /// <summary>Reads a <see cref="Chunk"/>, or that it <see cref="IsAtEnd"/>; false: more is needed for it.</summary>
    /// <exception cref="IOException">TLS is broken: a record is not the peer's, or tells of an error.</exception>
    public bool TryRead(ref ChunkRoom room)
    {
        if (!Chunk.IsEmpty || IsAtEnd)
        {
            return true;
        }

        if (!_isDecrypted && !TryLook())
        {
            return false;
        }

        var free = room.Free();
        var count = Now(tls.ReadAsync(free));
        (_isDecrypted, _mayBeDecrypted) = (false, count == free.Length);
        IsAtEnd = count == 0;
        if (count > 0)
        {
            Chunk = room.Take(count);
        }

        return true;
    }

    public ReadOnlyMemory<byte> TakeChunk()
    {
        var chunk = Chunk;
        Chunk = default;
        return chunk;
    }

    public void Clear()
    {
        _records.Clear();
        Chunk = default;
        if (_isLooking)
        {
            TlsHandshake.Within(wire.End);
        }
    }

    private static int Now(ValueTask<int> read) => read.IsCompleted ? read.GetAwaiter().GetResult()
        : throw new InvalidOperationException("TLS waits for what is there; this is a defect of Diesel.Reactive.");

    // A read of nothing decrypts a record. That may be one of TLS's own, a ticket, say: then it goes on with the next, or waits.
    private bool TryLook()
    {
        if (!_isLooking)
        {
            if (!TryFeed() && !_mayBeDecrypted)
            {
                return false;
            }

            var look = tls.ReadAsync(Memory<byte>.Empty);
            if (look.IsCompleted)
            {
                _ = Now(look);
                return _isDecrypted = true;
            }

            (_looking, _isLooking) = (look, true);
            look.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(Looked);
        }

        while (_isLooking && TryFeed())
        {
        }

        return _error is null ? _isDecrypted : throw new IOException(_error.Message, _error);
    }

    private void Looked()
    {
        _isLooking = false;
        try
        {
            _ = _looking.GetAwaiter().GetResult();
            _isDecrypted = true;
        }
#pragma warning disable CA1031 // It is thrown to whoever reads.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _error = error;
        }

        _looking = default;
    }

    /// <returns>Whether the stream has something to go on with.</returns>
    private bool TryFeed()
    {
        if (!wire.IsEmpty)
        {
            return true;
        }

        if (TryTakeRecord(out var record))
        {
            Feed(record);
            return true;
        }

        // The end of TCP, perhaps inside a record, which is nobody's then.
        if (HasEnded && !_hasToldEnd)
        {
            _hasToldEnd = true;
            TlsHandshake.Within(wire.End);
            return true;
        }

        return false;
    }

    private void Feed(ReadOnlyMemory<byte> record)
    {
        if (_isLooking)
        {
            GiveWithin(record);
        }
        else
        {
            wire.Give(record);
        }
    }

    // A method of its own: the lambda would cost each record an allocation.
    private void GiveWithin(ReadOnlyMemory<byte> record) => TlsHandshake.Within(() => wire.Give(record));
}
