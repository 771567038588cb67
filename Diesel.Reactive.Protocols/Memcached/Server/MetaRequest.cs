using System.Buffers.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>A meta command, read and checked: its key, its flags and what they hold.</summary>
internal sealed class MetaRequest
{
    private const string Malformed = "CLIENT_ERROR bad command line format";
    private const string WrongFlag = "CLIENT_ERROR invalid or duplicate flag";
    private const string OpaqueTooLong = "CLIENT_ERROR opaque token too long";
    private const string BadToken = "CLIENT_ERROR bad token in command line format";
    private const int MostOpaque = 31;

    // Letters, from '@' on, are the bits of a number.
    private static readonly ulong OfGet = Letters("bcfhklOqstuvNRTPL");
    private static readonly ulong OfSet = Letters("bcCFIkOqTMNPLS");
    private static readonly ulong OfDelete = Letters("bCIkOqTPL");
    private static readonly ulong OfCount = Letters("bCNJDTMOqtcvkPL");

    private readonly ulong[] _numbers = new ulong['z' - '@' + 1];
    private ReadOnlyMemory<byte> _line;
    private ulong _there;
    private int _flagsFrom;

    /// <summary>The key as it is kept.</summary>
    public ReadOnlyMemory<byte> Key { get; private set; }

    /// <summary>The key as it was written.</summary>
    public ReadOnlyMemory<byte> WrittenKey { get; private set; }

    /// <summary>The letter of <c>M</c>; 0: there is none.</summary>
    public char Mode { get; private set; }

    /// <summary>The flags as they were written: an answer repeats some in their order.</summary>
    public MemcachedWords Flags => new(_line.Span[_flagsFrom..]);

    public bool Has(char flag) => (_there & Bit(flag)) != 0;

    public ulong Number(char flag, ulong otherwise = 0) => Has(flag) ? _numbers[flag - '@'] : otherwise;

    /// <summary>A time, which may be negative.</summary>
    public long Time(char flag) => unchecked((long)_numbers[flag - '@']);

    /// <summary>Reads one.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="command">Its name: which flags there are depends on it.</param>
    /// <returns>What is wrong with it; null: nothing is.</returns>
    public string? Read(ReadOnlyMemory<byte> line, char command)
    {
        (_line, _there, Mode) = (line, 0, '\0');
        var bytes = line.Span;
        var words = new MemcachedWords(bytes);
        words.MoveNext();
        if (!words.MoveNext())
        {
            return command == 'e' ? Malformed : "ERROR";
        }

        if (words.Current.Length > MemcachedKey.MostWritten)
        {
            return Malformed;
        }

        _flagsFrom = bytes.Length - words.Left;
        WrittenKey = Key = line[(_flagsFrom - words.Current.Length).._flagsFrom];
        if (command == 's')
        {
            if (SizeIn(words.Next()) < 0)
            {
                return Malformed;
            }

            _flagsFrom = bytes.Length - words.Left;
        }

        var wrong = ReadFlags(command) ?? (Has('b') ? Decode() : null);

        // These do not say what is wrong with their flags.
        return wrong is null ? null : command is 'd' or 'a' && wrong is not OpaqueTooLong && !wrong.EndsWith("M token", StringComparison.Ordinal) ? WrongFlag : command == 'e' ? Malformed : wrong;
    }

    /// <summary>How many bytes follow an <c>ms</c>, good or refused; −1: none, as nobody knows how many.</summary>
    public static long SizeOf(ReadOnlySpan<byte> line)
    {
        var words = new MemcachedWords(line);
        words.MoveNext();
        return words.Next().Length is > 0 and <= MemcachedKey.MostWritten ? SizeIn(words.Next()) : -1;
    }

    private static long SizeIn(ReadOnlySpan<byte> word) =>
        Utf8Parser.TryParse(word, out int size, out var used) && used == word.Length && size is >= 0 and < int.MaxValue - 2 ? size : -1;

    private static ulong Letters(string letters) => letters.Aggregate(0ul, static (all, letter) => all | Bit(letter));

    private static ulong Bit(char letter) => letter is > '@' and <= 'z' ? 1ul << (letter - '@') : 0;

    private string? ReadFlags(char command)
    {
        // me looks at one alone.
        var known = command switch { 'g' => OfGet, 's' => OfSet, 'd' => OfDelete, 'e' => ulong.MaxValue, _ => OfCount };
        foreach (var word in Flags)
        {
            var bit = Bit((char)word[0]);
            if ((bit & known) == 0 && command != 'e')
            {
                return "CLIENT_ERROR invalid flag";
            }

            if ((bit & _there) != 0 && command != 'e')
            {
                return "CLIENT_ERROR duplicate flag";
            }

            _there |= bit;
            if (word.Length > 1 || IsOfToken((char)word[0]))
            {
                if (command != 'e' && ReadToken(command, (char)word[0], word[1..]) is { } wrong)
                {
                    return wrong;
                }
            }
        }

        return null;
    }

    private static bool IsOfToken(char flag) => flag is 'T' or 'N' or 'R' or 'C' or 'D' or 'J' or 'F' or 'M';

    private string? ReadToken(char command, char flag, ReadOnlySpan<byte> token)
    {
        switch (flag)
        {
            case 'T' or 'N' or 'R':
                if (!Utf8Parser.TryParse(token, out long time, out var used) || used != token.Length || time is < int.MinValue or > int.MaxValue)
                {
                    return BadToken;
                }

                _numbers[flag - '@'] = unchecked((ulong)time);
                return null;
            case 'C' or 'D' or 'J' or 'F':
                ref var number = ref _numbers[flag - '@'];
                return Utf8Parser.TryParse(token, out number, out var length) && length == token.Length && token.Length > 0 && (flag != 'F' || number <= uint.MaxValue) ? null
                    : flag == 'F' ? Malformed : BadToken;
            case 'M':
                if (token.Length != 1)
                {
                    return "CLIENT_ERROR incorrect length for M token";
                }

                Mode = (char)token[0];
                return (command == 's' ? "EARPS" : "IiDd+-").Contains(Mode, StringComparison.Ordinal) ? null : $"CLIENT_ERROR invalid mode for m{command} M token";
            case 'O':
                return token.Length > MostOpaque ? OpaqueTooLong : null;
            default:
                return null;
        }
    }

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
