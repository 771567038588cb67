using System.Buffers;
using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Event streams (WHATWG HTML §9.2.5), read and written.</summary>
/// <remarks>Lines may end in CR LF, LF or CR. An event is read with the id that was said last, in it or before it. Comments, unknown fields and events
/// without data give nothing. Errors: <see cref="ProtocolException"/> for an event that passes the limit.</remarks>
public sealed class EventStreamFraming : Framing<ServerSentEvent>
{
    private const int DefaultMaxLength = 1024 * 1024;

    private readonly int _maxLength;

    /// <summary>Makes one.</summary>
    /// <param name="maxLength">Bytes of an event, with its fields' names; default 1 MiB.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is less than 1.</exception>
    public EventStreamFraming(int maxLength = DefaultMaxLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        _maxLength = maxLength;
    }

    /// <inheritdoc/>
    public override Decoder<ServerSentEvent> CreateDecoder() => new EventStreamDecoder(_maxLength);

    /// <summary>Writes an event.</summary>
    /// <param name="value">The event.</param>
    /// <param name="output">Where it goes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="output"/>, or its data or type is null.</exception>
    /// <exception cref="ArgumentException">Type or id has a line end in it, or the id U+0000: it would be another field.</exception>
    public static void Write(ServerSentEvent value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(value.Data);
        ArgumentNullException.ThrowIfNull(value.Type);
        if (value.Type.AsSpan().ContainsAny('\r', '\n') || value.Id.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            throw new ArgumentException("The type or the id of an event has a line end in it, which would begin another field.", nameof(value));
        }

        var text = new StringBuilder();
        Field(text, "event", value.Type is "message" or "" ? null : value.Type);
        Field(text, "id", value.Id);
        Field(text, "retry", value.Retry is { } retry ? ((long)retry.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) : null);
        foreach (var line in value.Data.ReplaceLineEndings("\n").Split('\n'))
        {
            Field(text, "data", line);
        }

        Encoding.UTF8.GetBytes(text.Append('\n').ToString(), output);
    }

    private static void Field(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.Append(name).Append(": ").Append(value).Append('\n');
        }
    }
}
