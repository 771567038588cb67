using System.Buffers;
using System.Buffers.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Writes the line of a meta command, in one piece.</summary>
internal ref struct MemcachedRequestLine
{
    // Command and spaces, the flag of base64, a token and one more number, and the end.
    private const int BesidesKeyAndFlags = 64;

    private readonly IBufferWriter<byte> _output;
    private readonly Span<byte> _line;
    private int _length;

    /// <summary>Begins one: <c>mg key</c>.</summary>
    /// <param name="output">Takes it with <see cref="End"/>.</param>
    /// <param name="command">Two letters.</param>
    /// <param name="key">Whose item.</param>
    /// <param name="flags">How many bytes flags will have, besides tokens and numbers.</param>
    public MemcachedRequestLine(IBufferWriter<byte> output, ReadOnlySpan<byte> command, in MemcachedKey key, int flags)
    {
        var written = key.Written.Span;
        _output = output;
        _line = output.GetSpan(written.Length + flags + BesidesKeyAndFlags);
        command.CopyTo(_line);
        _line[command.Length] = (byte)' ';
        written.CopyTo(_line[(command.Length + 1)..]);
        _length = command.Length + 1 + written.Length;
    }

    /// <summary>As they are: <c> v f</c>.</summary>
    public void Flags(ReadOnlySpan<byte> flags)
    {
        flags.CopyTo(_line[_length..]);
        _length += flags.Length;
    }

    /// <summary>A flag with a number: <c> O17</c>.</summary>
    public void Flag(char letter, ulong number)
    {
        (_line[_length], _line[_length + 1]) = ((byte)' ', (byte)letter);
        _length += 2;
        Digits(number);
    }

    /// <summary>A number by itself.</summary>
    public void Number(ulong number)
    {
        _line[_length++] = (byte)' ';
        Digits(number);
    }

    public void End()
    {
        (_line[_length], _line[_length + 1]) = ((byte)'\r', (byte)'\n');
        _output.Advance(_length + 2);
    }

    private void Digits(ulong number)
    {
        Utf8Formatter.TryFormat(number, _line[_length..], out var length);
        _length += length;
    }
}
