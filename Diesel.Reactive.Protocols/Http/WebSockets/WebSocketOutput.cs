using System.Net.WebSockets;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Writes one side's frames onto a connection, on its hub. Behind a Close, and behind the end of a WebSocket that had none, nothing is written.</summary>
internal sealed class WebSocketOutput(Connection connection, HttpRole role, DeflateAgreement? agreed, WebSocketDeflate? options) : IDisposable
{
    private readonly bool _isMasked = role == HttpRole.Client;
    private readonly MessageDeflater? _deflater = agreed is null ? null : new MessageDeflater(options!.Level, agreed.OwnKeeps);

    // Of the message that is sent in parts: whether it has begun, and whether it is compressed.
    private bool _hasBegun;
    private bool _isCompressed;
    private bool _isOver;

    /// <summary>The Close frame is written.</summary>
    public bool IsClosed { get; private set; }

    private bool IsShut => IsClosed || _isOver;

    /// <summary>A whole message.</summary>
    public void Write(in WebSocketMessage message)
    {
        if (IsShut)
        {
            return;
        }

        var opcode = message.IsText ? WebSocketOpcode.Text : WebSocketOpcode.Binary;
        var bytes = message.Bytes;
        if (_deflater is not null && bytes.Length >= options!.MinimumLength)
        {
            WriteFrame(opcode, isFinal: true, isCompressed: true, _deflater.Deflate(bytes.Span, isLast: true));
            _deflater.End();
        }
        else if (!_isMasked && bytes.Length > WebSocketFraming.MostWhole)
        {
            // Long ones are sent where they lie.
            var head = connection.Output.GetSpan(WebSocketFraming.MostOfHead);
            connection.Output.Advance(WebSocketFraming.WriteHead(head, opcode, isFinal: true, isCompressed: false, isMasked: false, bytes.Length, out _));
            connection.OnNext(bytes);
        }
        else
        {
            WriteFrame(opcode, isFinal: true, isCompressed: false, bytes.Span);
        }
    }

    /// <summary>Some of a message.</summary>
    public void WritePart(bool isText, ReadOnlySpan<byte> bytes, bool isLast)
    {
        if (IsShut)
        {
            return;
        }

        var opcode = _hasBegun ? WebSocketOpcode.Continuation : isText ? WebSocketOpcode.Text : WebSocketOpcode.Binary;
        if (!_hasBegun)
        {
            (_hasBegun, _isCompressed) = (true, _deflater is not null);
        }

        WriteFrame(opcode, isLast, _isCompressed && opcode != WebSocketOpcode.Continuation, _isCompressed ? _deflater!.Deflate(bytes, isLast) : bytes);
        if (isLast)
        {
            (_hasBegun, _isCompressed) = (false, false);
            _deflater?.End();
        }
    }

    public void WriteControl(WebSocketOpcode opcode, ReadOnlySpan<byte> payload) => WriteFrame(opcode, isFinal: true, isCompressed: false, payload);

    /// <summary>The last frame.</summary>
    public void WriteClose(WebSocketCloseStatus? status, string reason)
    {
        WriteControl(WebSocketOpcode.Close, WebSocketClosing.Write(status, reason));
        IsClosed = true;
    }

    /// <summary>The WebSocket is over: what its user still sends is no mistake of the user's, who need not know yet.</summary>
    public void Dispose()
    {
        _isOver = true;
        _deflater?.Dispose();
    }

    private void WriteFrame(WebSocketOpcode opcode, bool isFinal, bool isCompressed, ReadOnlySpan<byte> payload)
    {
        if (!IsShut)
        {
            WebSocketFraming.Write(connection.Output, opcode, isFinal, isCompressed, _isMasked, payload);
        }
    }
}
