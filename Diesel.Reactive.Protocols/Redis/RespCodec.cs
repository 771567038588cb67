using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Writes values and commands of the Redis serialization protocol; <see cref="RespFraming"/> reads them.</summary>
/// <remarks>Writing a command allocates nothing. Source: the RESP3 specification 1.6.</remarks>
public static class RespCodec
{
    // A type, a sign, 19 digits, CRLF.
    private const int LongestHeader = 23;

    // Beyond this it matters that room is asked for by parts.
    private const int LongestAtOnce = 4096;

    /// <summary>Writes a command: an array of bulk strings.</summary>
    /// <param name="output">Takes the bytes.</param>
    /// <param name="words">The command's name and its arguments.</param>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no word.</exception>
    public static void WriteCommand(IBufferWriter<byte> output, params ReadOnlySpan<Bytes> words)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (words.IsEmpty)
        {
            throw new ArgumentException("A command has a name.", nameof(words));
        }

        WriteHeader(output, '*', words.Length);
        foreach (var word in words)
        {
            WriteBulk(output, '$', word.Span);
        }
    }

    /// <summary>Writes a value.</summary>
    /// <param name="output">Takes the bytes.</param>
    /// <param name="value">Any; one that is nested deeper than the stack holds fails.</param>
    /// <param name="version">With <see cref="RespVersion.Resp2"/> it is written as redis-server does for old clients: maps, sets and pushes as arrays, doubles
    /// and big numbers as bulk strings, booleans as integers, attributes not at all.</param>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is null.</exception>
    public static void Write(IBufferWriter<byte> output, RespValue value, RespVersion version = RespVersion.Resp3)
    {
        ArgumentNullException.ThrowIfNull(output);
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (version == RespVersion.Resp2)
        {
            WriteOld(output, value);
            return;
        }

        WriteItems(output, '|', value.Attributes.AsSpan(), 2, version);
        switch (value.Kind)
        {
            case RespKind.Null:
                output.Write("_\r\n"u8);
                break;
            case RespKind.SimpleString:
                WriteLine(output, '+', value.Raw);
                break;
            case RespKind.Error:
                WriteLine(output, '-', value.Raw);
                break;
            case RespKind.BigNumber:
                WriteLine(output, '(', value.Raw);
                break;
            case RespKind.Double:
                WriteLine(output, ',', value.ToBytes().Span);
                break;
            case RespKind.Integer:
                WriteHeader(output, ':', value.Bits);
                break;
            case RespKind.Boolean:
                output.Write(value.Bits == 1 ? "#t\r\n"u8 : "#f\r\n"u8);
                break;
            case RespKind.BulkString:
                WriteBulk(output, '$', value.Raw);
                break;
            case RespKind.BulkError:
                WriteBulk(output, '!', value.Raw);
                break;
            case RespKind.Verbatim:
                WriteBulk(output, '=', value.Raw);
                break;
            default:
                WriteAggregate(output, value, version);
                break;
        }
    }

    /// <summary>Writes a command of a name that is one word, and a few arguments.</summary>
    /// <returns>False: it is too long to be written at once.</returns>
    internal static bool TryWriteShort(IBufferWriter<byte> output, string name, int count, in Bytes first, in Bytes second)
    {
        var most = ((count + 2) * (LongestHeader + 2)) + (3 * name.Length) + first.Length + second.Length;
        if (most > LongestAtOnce)
        {
            return false;
        }

        var all = output.GetSpan(most);
        var at = Header(all, '*', count + 1);
        at += Word(all[at..], name);
        at += count > 0 ? Bulk(all[at..], '$', first.Span) : 0;
        at += count > 1 ? Bulk(all[at..], '$', second.Span) : 0;
        output.Advance(at);
        return true;
    }

    /// <summary>Writes a type and a number in a line.</summary>
    internal static void WriteHeader(IBufferWriter<byte> output, char type, long number) => output.Advance(Header(output.GetSpan(LongestHeader), type, number));

    /// <summary>Writes bytes with their length before them.</summary>
    internal static void WriteBulk(IBufferWriter<byte> output, char type, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LongestAtOnce)
        {
            WriteHeader(output, type, bytes.Length);
            output.Write(bytes);
            output.Write("\r\n"u8);
            return;
        }

        output.Advance(Bulk(output.GetSpan(LongestHeader + bytes.Length + 2), type, bytes));
    }

    /// <summary>Writes a word of a command.</summary>
    internal static void WriteWord(IBufferWriter<byte> output, ReadOnlySpan<char> word)
    {
        output.Advance(Word(output.GetSpan(LongestHeader + Encoding.UTF8.GetByteCount(word) + 2), word));
    }

    private static int Bulk(Span<byte> all, char type, ReadOnlySpan<byte> bytes)
    {
        var from = Header(all, type, bytes.Length);
        bytes.CopyTo(all[from..]);
        "\r\n"u8.CopyTo(all[(from + bytes.Length)..]);
        return from + bytes.Length + 2;
    }

    private static int Word(Span<byte> all, ReadOnlySpan<char> word)
    {
        // As nearly all are, so that their bytes are not counted first.
        var begin = Header(all, '$', word.Length);
        if (Ascii.FromUtf16(word, all[begin..], out var letters) == OperationStatus.Done)
        {
            "\r\n"u8.CopyTo(all[(begin + letters)..]);
            return begin + letters + 2;
        }

        var length = Encoding.UTF8.GetByteCount(word);
        var from = Header(all, '$', length);
        Encoding.UTF8.GetBytes(word, all[from..]);
        "\r\n"u8.CopyTo(all[(from + length)..]);
        return from + length + 2;
    }

    private static int Header(Span<byte> line, char type, long number)
    {
        line[0] = (byte)type;
        var digits = 1;
        if (number is >= 0 and <= 9)
        {
            line[1] = (byte)('0' + number);
        }
        else if (number is > 0 and <= 99)
        {
            (line[1], line[2], digits) = ((byte)('0' + (number / 10)), (byte)('0' + (number % 10)), 2);
        }
        else
        {
            number.TryFormat(line[1..], out digits, default, CultureInfo.InvariantCulture);
        }

        "\r\n"u8.CopyTo(line[(digits + 1)..]);
        return digits + 3;
    }

    private static void WriteOld(IBufferWriter<byte> output, RespValue value)
    {
        switch (value.Kind)
        {
            case RespKind.Null:
                output.Write("$-1\r\n"u8);
                break;
            case RespKind.SimpleString:
                WriteLine(output, '+', value.Raw);
                break;
            case RespKind.Error:
                WriteLine(output, '-', value.Raw);
                break;
            case RespKind.BulkError:
                WriteLine(output, '-', OneLine(value.Raw));
                break;
            case RespKind.Integer or RespKind.Boolean:
                WriteHeader(output, ':', value.Bits);
                break;
            case RespKind.Array or RespKind.Map or RespKind.Set or RespKind.Push:
                WriteArray(output, value);
                break;
            default:
                WriteBulk(output, '$', value.ToBytes().Span);
                break;
        }
    }

    private static void WriteArray(IBufferWriter<byte> output, RespValue value)
    {
        WriteHeader(output, '*', value.Items.Length);
        foreach (var item in value.Items)
        {
            Write(output, item, RespVersion.Resp2);
        }
    }

    private static void WriteAggregate(IBufferWriter<byte> output, RespValue value, RespVersion version)
    {
        var (type, itemsOfOne) = value.Kind switch
        {
            RespKind.Array => ('*', 1),
            RespKind.Set => ('~', 1),
            RespKind.Push => ('>', 1),
            _ => ('%', 2),
        };
        if (value.Items.IsEmpty)
        {
            WriteHeader(output, type, 0);
        }

        WriteItems(output, type, value.Items.AsSpan(), itemsOfOne, version);
    }

    private static void WriteItems(IBufferWriter<byte> output, char type, ReadOnlySpan<RespValue> items, int itemsOfOne, RespVersion version)
    {
        if (items.IsEmpty)
        {
            return;
        }

        WriteHeader(output, type, items.Length / itemsOfOne);
        foreach (var item in items)
        {
            Write(output, item, version);
        }
    }

    private static void WriteLine(IBufferWriter<byte> output, char type, ReadOnlySpan<byte> line)
    {
        output.GetSpan(1)[0] = (byte)type;
        output.Advance(1);
        output.Write(line);
        output.Write("\r\n"u8);
    }

    private static ReadOnlySpan<byte> OneLine(ReadOnlySpan<byte> text)
    {
        var line = text.ToArray();
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        return line;
    }
}
