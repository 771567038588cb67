using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>What a connection is answered.</summary>
internal sealed class MemcachedAnswers(Connection connection)
{
    // Smaller ones are copied behind what was written.
    private const int Large = 2048;
    private const int LongestNumber = 21;

    /// <summary>The present command wants no answer.</summary>
    public bool IsQuiet { get; set; }

    public IBufferWriter<byte> Output => connection.Output;

    public void Line(string text)
    {
        if (!IsQuiet)
        {
            Encoding.UTF8.GetBytes(text, Output);
            Output.Write("\r\n"u8);
        }
    }

    public void Line(ReadOnlySpan<byte> text)
    {
        if (!IsQuiet)
        {
            Output.Write(text);
            Output.Write("\r\n"u8);
        }
    }

    /// <summary>A line that is told also where no answer was wanted.</summary>
    public void Loud(string text)
    {
        IsQuiet = false;
        Line(text);
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => Output.Write(bytes);

    public void Number(ulong number)
    {
        var span = Output.GetSpan(LongestNumber);
        Utf8Formatter.TryFormat(number, span, out var length);
        Output.Advance(length);
    }

    public void Number(long number)
    {
        var span = Output.GetSpan(LongestNumber);
        Utf8Formatter.TryFormat(number, span, out var length);
        Output.Advance(length);
    }

    /// <summary>A value, which does not change: a large one is sent where it lies.</summary>
    public void Value(ReadOnlyMemory<byte> value)
    {
        if (value.Length < Large)
        {
            Output.Write(value.Span);
        }
        else
        {
            connection.OnNext(value);
        }
    }
}
