using System.Buffers;
using System.Net.WebSockets;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Makes messages of frames: inflates them, looks whether text is text, and keeps what is wanted whole.</summary>
internal sealed class WebSocketAssembly(WebSocketLife life, WebSocketInput input, WebSocketOptions options, DeflateAgreement? agreed) : IDisposable
{
    private const int InflatedAtOnce = 16 * 1024;

    private readonly MessageInflater? _inflater = agreed is null ? null : new MessageInflater(agreed.PeersKeeps);
    private GatheredMessage _gathered;
    private Utf8Scan _utf8;
    private bool _isText;
    private bool _isCompressed;
    private bool _isFinal;

    /// <summary>A frame was not all inflated.</summary>
    public bool IsInflating { get; private set; }

    /// <summary>The reader that took some of the message under way took it in parts.</summary>
    public bool WasGivenInParts { get; private set; }

    /// <summary>Takes a frame of data. Somebody reads.</summary>
    public void Take(in WebSocketFrame frame)
    {
        if (frame.Opcode != WebSocketOpcode.Continuation)
        {
            (_isText, _isCompressed, WasGivenInParts) = (frame.Opcode == WebSocketOpcode.Text, frame.IsCompressed, false);
            _utf8.Begin();
        }

        _isFinal = frame.IsFinal;
        try
        {
            if (_isCompressed)
            {
                _inflater!.Give(frame.Payload, frame.IsFinal);
                IsInflating = true;
                InflateGiven();
            }
            else
            {
                Add(input.Taker!, frame.Payload, frame.IsFinal, isBorrowed: false);
            }
        }
        catch (WebSocketRefusedException refused)
        {
            life.Refuse(refused);
        }
    }

    /// <summary>Goes on with what was not all inflated.</summary>
    public void GoOn()
    {
        try
        {
            InflateGiven();
        }
        catch (WebSocketRefusedException refused)
        {
            life.Refuse(refused);
        }
    }

    /// <summary>Nobody wants the rest.</summary>
    public void Drop() => IsInflating = false;

    public void Dispose() => _inflater?.Dispose();

    // Somebody may leave or hold it between two pieces: the rest waits, as a few bytes may be a mebibyte.
    private void InflateGiven()
    {
        if (!IsInflating)
        {
            return;
        }

        var room = ArrayPool<byte>.Shared.Rent(InflatedAtOnce);
        try
        {
            while (IsInflating && input.Taker is { } reader)
            {
                var count = _inflater!.Read(room);
                IsInflating = count > 0;
                if (count > 0 || _isFinal)
                {
                    if (count == 0)
                    {
                        _inflater.End();
                    }

                    Add(reader, room.AsMemory(0, count), isLast: count == 0, isBorrowed: true);
                    life.HoldIfCrowded();
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private void Add(WebSocketReading reader, ReadOnlyMemory<byte> bytes, bool isLast, bool isBorrowed)
    {
        if (_isText && !(_utf8.TryAdd(bytes.Span) && (!isLast || _utf8.IsWhole)))
        {
            throw new WebSocketRefusedException(WebSocketCloseStatus.InvalidPayloadData, "RFC 6455 §8.1", "A message of text is not UTF-8");
        }

        if (!reader.TakesParts && _gathered.Count + (long)bytes.Length > options.MaxMessage)
        {
            throw new WebSocketRefusedException(WebSocketCloseStatus.MessageTooBig, "RFC 6455 §7.4.1", $"A message is longer than {options.MaxMessage} bytes");
        }

        if (reader.TakesParts)
        {
            GivePart(reader, bytes, isLast, isBorrowed);
        }
        else if (isLast && _gathered.Count == 0 && !isBorrowed)
        {
            GiveMessage(reader, bytes);
        }
        else
        {
            _gathered.Add(bytes.Span, options.MaxMessage);
            if (isLast)
            {
                GiveMessage(reader, _gathered.Take());
            }
        }
    }

    private void GivePart(WebSocketReading reader, ReadOnlyMemory<byte> bytes, bool isLast, bool isBorrowed)
    {
        if (_gathered.Count > 0)
        {
            // What one who wanted it whole had left.
            _gathered.Add(bytes.Span, int.MaxValue);
            (bytes, isBorrowed) = (_gathered.Take(), false);
        }

        if (!bytes.IsEmpty || isLast)
        {
            WasGivenInParts = !isLast;
            input.DetachOneShot(reader);
            reader.Give(new WebSocketPart(_isText, isBorrowed ? bytes.ToArray() : bytes, isLast));
        }
    }

    private void GiveMessage(WebSocketReading reader, ReadOnlyMemory<byte> bytes)
    {
        input.DetachOneShot(reader);
        reader.Give(WebSocketMessage.Checked(bytes, _isText));
    }
}
