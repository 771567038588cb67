using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.Security;

namespace Diesel.Reactive;

/// <summary>What is encrypted and handed to the transport below. Of what that does not take at once nothing counts as sent.</summary>
internal sealed class TlsOutput(ITransport below, TlsWire wire, SslStream tls)
{
    // Seven full records, for which 128 KiB are rented: with a power of two of them the rented array would be twice as long, and half empty.
    private const int MostAtOnce = 7 * TlsRecords.MostPlain;

    private RentedBytes _rest;
    private int _gathered;
    private bool _isBlocked;
    private bool _ends;
    private bool _hasEnded;

    /// <summary>Everything is with the transport below.</summary>
    public bool IsEmpty => _rest.Length == 0;

    /// <summary>Bytes that are encrypted and count as sent, but are not with the transport below.</summary>
    public int Waiting => Uncounted == 0 ? _rest.Length : 0;

    /// <summary>Bytes that are encrypted and do not count as sent, as part of them is still here.</summary>
    public int Uncounted { get; private set; }

    /// <summary>Somebody was refused, and waits to be told that there is room.</summary>
    public bool IsFull { get; set; }

    public int Send(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        _ = CanSend() && TryAdd(bytes, ref taken) && TryEnd(ref taken);
        return taken;
    }

    public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments)
    {
        var taken = 0;
        if (!CanSend())
        {
            return 0;
        }

        if (TryGather(segments, out var gathered, out var length))
        {
            _ = TryAdd(gathered.AsSpan(0, length), ref taken) && TryEnd(ref taken);
            ArrayPool<byte>.Shared.Return(gathered);
            return taken;
        }

        foreach (var segment in segments)
        {
            if (!TryAdd(segment.Span, ref taken))
            {
                return taken;
            }
        }

        _ = TryEnd(ref taken);
        return taken;
    }

    /// <summary>Hands over what the stream has written.</summary>
    /// <returns>Whether all was taken.</returns>
    public bool TryTransmit()
    {
        wire.TakeWritten(ref _rest);
        return TryFlush();
    }

    /// <summary>Hands over what is left; the stream's buffer stays as it is.</summary>
    /// <inheritdoc cref="TryTransmit"/>
    public bool TryFlush()
    {
        if (!_isBlocked && !IsEmpty)
        {
            _rest.Advance(below.Send(_rest.Span));
            _isBlocked = !IsEmpty;
        }

        EndBelow();
        return IsEmpty;
    }

    /// <summary>The transport below has room, and has sent so much meanwhile.</summary>
    public void Resume(int sent)
    {
        _isBlocked = false;
        if (sent > 0)
        {
            _rest.Advance(sent);
        }
    }

    /// <summary>How many of the refused bytes are sent by now; for whoever was refused.</summary>
    public int TakeRefused()
    {
        var sent = Uncounted;
        (Uncounted, IsFull) = (0, false);
        return sent;
    }

    /// <summary>Nothing more is sent: the transport below is ended, behind what is left.</summary>
    /// <param name="says">Whether the peer is told so within TLS (close_notify, RFC 8446 §6.1).</param>
    public void End(bool says)
    {
        if (!_ends && says)
        {
            _ = tls.ShutdownAsync();
        }

        _ends = true;
        TryTransmit();
    }

    public void Clear() => _rest.Clear();

    // Each write is a record: of what is no more than one, one is made.
    private static bool TryGather(ReadOnlySpan<ReadOnlyMemory<byte>> segments, [NotNullWhen(true)] out byte[]? gathered, out int length)
    {
        (gathered, length) = (null, 0);
        foreach (var segment in segments)
        {
            length += segment.Length;
            if (length > TlsRecords.MostPlain)
            {
                return false;
            }
        }

        gathered = ArrayPool<byte>.Shared.Rent(length);
        var at = 0;
        foreach (var segment in segments)
        {
            segment.Span.CopyTo(gathered.AsSpan(at));
            at += segment.Length;
        }

        return true;
    }

    private void EndBelow()
    {
        if (_ends && IsEmpty && !_hasEnded)
        {
            _hasEnded = true;
            below.ShutdownSend();
        }
    }

    private bool CanSend()
    {
        IsFull = !IsEmpty;
        return IsEmpty;
    }

    private bool TryAdd(ReadOnlySpan<byte> bytes, ref int taken)
    {
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(bytes.Length, MostAtOnce - _gathered)];
            wire.Expect(TlsRecords.LengthFor(part.Length));
            tls.Write(part);
            _gathered += part.Length;
            bytes = bytes[part.Length..];
            if (_gathered == MostAtOnce && !TryEnd(ref taken))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryEnd(ref int taken)
    {
        var gathered = _gathered;
        _gathered = 0;
        if (!TryTransmit())
        {
            (IsFull, Uncounted) = (true, gathered);
            return false;
        }

        taken += gathered;
        return true;
    }
}
