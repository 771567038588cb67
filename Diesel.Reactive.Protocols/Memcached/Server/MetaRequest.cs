using System.Buffers.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>A meta command, read and checked: its key, its flags and what they hold.</summary>
internal sealed class MetaRequest
{
    private const string Malformed = "CLIENT_ERROR bad command line format";
    private const string WrongFlag = "CLIENT_ERROR invalid or duplicate flag";
    private const string OpaqueTooLong = "CLIENT_ERROR opaque token too long";
    private const string BadToken = "CLIENT_ERROR bad token in command line format";

    private readonly ulong[] _numbers = new ulong[128];
    private readonly bool[] _isThere = new bool[128];
    private byte[] _line = [];
    private int _flagsFrom;
    private int _length;

    /// <summary>The key as it is kept.</summary>
    public ReadOnlyMemory<byte> Key { get; private set; }

    /// <summary>The key as it was written.</summary>
    public ReadOnlyMemory<byte> WrittenKey { get; private set; }

    /// <summary>Of <c>ms</c>: how many bytes follow; −1: that was no number.</summary>
    public long Size { get; private set; }

    /// <summary>The letter of <c>M</c>; 0: there is none.</summary>
    public char Mode { get; private set; }

    /// <summary>The flags as they were written: an answer repeats some in their order.</summary>
    public MemcachedWords Flags => new(_line.AsSpan(_flagsFrom, _length - _flagsFrom));

    public bool Has(char flag) => _isThere[flag];

    public ulong Number(char flag, ulong otherwise = 0) => _isThere[flag] && flag is not 'O' ? _numbers[flag] : otherwise;

    /// <summary>A time, which may be negative.</summary>
    public long Time(char flag) => unchecked((long)_numbers[flag]);

    /// <summary>Reads one.</summary>
    /// <param name="line">Without its end; copied, as its value may come later.</param>
    /// <param name="command">Its name: which flags there are depends on it.</param>
    /// <returns>What is wrong with it; null: nothing is.</returns>
    public string? Read(ReadOnlySpan<byte> line, char command)
    {
        Array.Clear(_isThere);
        (Mode, Size) = ('\0', -1);
        if (_line.Length < line.Length)
        {
            _line = new byte[Math.Max(256, line.Length)];
        }

        line.CopyTo(_line);
        _length = line.Length;
        var words = new MemcachedWords(_line.AsSpan(0, _length));
        words.MoveNext();
        if (!words.MoveNext())
        {
            return command == 'e' ? Malformed : "ERROR";
        }

        if (words.Current.Length > MemcachedKey.MostWritten)
        {
            return Malformed;
        }

        var at = IndexOf(words.Current);
        WrittenKey = Key = _line.AsMemory(at, words.Current.Length);
        _flagsFrom = at + words.Current.Length;
        if (command == 's')
        {
            Size = words.MoveNext() && Utf8Parser.TryParse(words.Current, out int size, out var used) && used == words.Current.Length && size is >= 0 and < int.MaxValue - 2 ? size : -1;
            if (Size < 0)
            {
                return Malformed;
            }

            _flagsFrom = IndexOf(words.Current) + words.Current.Length;
        }

        var wrong = ReadFlags(command) ?? (Has('b') ? Decode() : null);

        // These do not say what is wrong with their flags.
        return wrong is null ? null : command is 'd' or 'a' && wrong is not OpaqueTooLong && !wrong.EndsWith("M token", StringComparison.Ordinal) ? WrongFlag : command == 'e' ? Malformed : wrong;
    }

    private int IndexOf(ReadOnlySpan<byte> word)
    {
        _line.AsSpan().Overlaps(word, out var at);
        return at;
    }

    private string? ReadFlags(char command)
    {
        foreach (var word in Flags)
        {
            var flag = (char)word[0];
            if (flag >= 128 || !IsFlag(command, flag))
            {
                return "CLIENT_ERROR invalid flag";
            }

            if (_isThere[flag] && command != 'e')
            {
                return "CLIENT_ERROR duplicate flag";
            }

            _isThere[flag] = true;
            if (ReadToken(command, flag, word[1..]) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    private string? ReadToken(char command, char flag, ReadOnlySpan<byte> token)
    {
        switch (flag)
        {
            case 'T' or 'N' or 'R' when command != 'e':
                if (!Utf8Parser.TryParse(token, out long time, out var used) || used != token.Length || time is < int.MinValue or > int.MaxValue)
                {
                    return BadToken;
                }

                _numbers[flag] = unchecked((ulong)time);
                return null;
            case 'C' or 'D' or 'J' or 'F' when command != 'e':
                return Utf8Parser.TryParse(token, out _numbers[flag], out var length) && length == token.Length && token.Length > 0 && (flag != 'F' || _numbers[flag] <= uint.MaxValue) ? null : flag == 'F' ? Malformed : BadToken;
            case 'M' when command != 'e':
                if (token.Length != 1)
                {
                    return "CLIENT_ERROR incorrect length for M token";
                }

                Mode = (char)token[0];
                return (command == 's' ? "EARPS" : "IiDd+-").Contains(Mode) ? null : $"CLIENT_ERROR invalid mode for m{command} M token";
            case 'O' when command != 'e':
                return token.Length > 31 ? OpaqueTooLong : null;
            default:
                return null;
        }
    }

    // me looks at one alone.
    private static bool IsFlag(char command, char flag) => command == 'e' || (command switch
    {
        'g' => "bcfhklOqstuvNRTPL",
        's' => "bcCFIkOqTMNPLS",
        'd' => "bCIkOqTPL",
        _ => "bCNJDTMOqtcvkPL",
    }).Contains(flag);

    private string? Decode()
    {
        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(WrittenKey.Length)];
        if (Base64.DecodeFromUtf8(WrittenKey.Span, decoded, out _, out var length) != System.Buffers.OperationStatus.Done || length == 0)
        {
            return "CLIENT_ERROR error decoding key";
        }

        Key = decoded.AsMemory(0, length);
        return null;
    }
}
