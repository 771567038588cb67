namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>The classic commands of the text protocol.</summary>
/// <remarks>What is refused, and how, is as memcached 1.6.18 does. Source: memcached's <c>doc/protocol.txt</c>.</remarks>
internal sealed class TextCommands
{
    private const string Malformed = "CLIENT_ERROR bad command line format";

    private readonly MemcachedItems _items;
    private readonly MemcachedAnswers _answers;
    private readonly MemcachedStatistics _statistics;

    public TextCommands(MemcachedItems items, MemcachedAnswers answers, MemcachedStatistics statistics)
    {
        (_items, _answers, _statistics) = (items, answers, statistics);
        Gets = new TextGets(items, answers);
    }

    public TextGets Gets { get; }

    /// <summary>Carries a command out.</summary>
    /// <param name="line">Without its end; it does not change.</param>
    /// <returns>Whether there is a command of that name with so many arguments.</returns>
    public bool TryRun(ReadOnlyMemory<byte> line)
    {
        if (!line.IsEmpty && line.Span[0] is (byte)'g' or (byte)' ' && Gets.TryRun(line))
        {
            return true;
        }

        var words = new MemcachedWords(line.Span);
        var command = words.Next();
        var count = 0;
        foreach (var word in new MemcachedWords(line.Span))
        {
            count++;
        }

        _answers.IsQuiet = EndsQuietly(line.Span);
        return TryDo(command, words, count);
    }

    /// <summary>Stores a value.</summary>
    /// <param name="line">Of which <see cref="TextStoring"/> says that a value follows.</param>
    /// <param name="value">With its end.</param>
    public void Store(ReadOnlySpan<byte> line, ReadOnlySpan<byte> value)
    {
        TextStoring.TryRead(line, out var storing);
        _answers.IsQuiet = storing.IsQuiet;
        if (!value.EndsWith("\r\n"u8))
        {
            _answers.Line("CLIENT_ERROR bad data chunk"u8);
            return;
        }

        _answers.Line(_items.Set(storing.Mode, storing.Key, value[..^2], storing.Flags, _items.Expires(storing.Expires), storing.Cas, out _) switch
        {
            Stored.Stored => "STORED"u8,
            Stored.Exists => "EXISTS"u8,
            Stored.NotFound => "NOT_FOUND"u8,
            _ => "NOT_STORED"u8,
        });
    }

    /// <summary>There was a value, and it was larger than one may be.</summary>
    public void RefuseTooLarge(ReadOnlySpan<byte> line)
    {
        TextStoring.TryRead(line, out var storing);
        if (line.TrimStart((byte)' ').StartsWith("set "u8))
        {
            _items.Drop(storing.Key);
        }

        _answers.IsQuiet = storing.IsQuiet;
        _answers.Line("SERVER_ERROR object too large for cache"u8);
    }

    private static bool EndsQuietly(ReadOnlySpan<byte> line) => line.TrimEnd((byte)' ').EndsWith(" noreply"u8);

    private bool TryDo(ReadOnlySpan<byte> command, MemcachedWords words, int count)
    {
        if (command.SequenceEqual("delete"u8) && count is >= 2 and <= 4)
        {
            Delete(words, count);
        }
        else if (command.SequenceEqual("incr"u8) && count is 3 or 4)
        {
            Increment(words, isUp: true);
        }
        else if (command.SequenceEqual("decr"u8) && count is 3 or 4)
        {
            Increment(words, isUp: false);
        }
        else if (command.SequenceEqual("touch"u8) && count is 3 or 4)
        {
            Touch(words);
        }
        else if (command.SequenceEqual("flush_all"u8) && count is >= 1 and <= 3)
        {
            Flush(words, count - (_answers.IsQuiet ? 1 : 0));
        }
        else if (command.SequenceEqual("version"u8))
        {
            _answers.Loud($"VERSION {_statistics.Version}");
        }
        else if (command.SequenceEqual("verbosity"u8) && count is 2 or 3)
        {
            _answers.Line(TextNumbers.TryUnsigned(words.Next(), out _) || _answers.IsQuiet ? "OK" : Malformed);
        }
        else if (command.SequenceEqual("stats"u8) && count <= 2)
        {
            _answers.IsQuiet = false;
            return _statistics.TryTell(words.Next(), _answers);
        }
        else if (TextStoring.IsMeant(command, count))
        {
            _answers.Line(Malformed);
        }
        else
        {
            return false;
        }

        return true;
    }

    // delete key [0] [noreply]
    private void Delete(MemcachedWords words, int count)
    {
        var key = words.Next();
        if (count > 2)
        {
            var word = words.Next();
            var isZero = word.SequenceEqual("0"u8);
            if (!(count == 3 && (isZero || _answers.IsQuiet)) && !(count == 4 && isZero && _answers.IsQuiet))
            {
                _answers.Line("CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]");
                return;
            }
        }

        if (key.Length > MemcachedKey.MostWritten)
        {
            _answers.Line(Malformed);
        }
        else if (_items.Find(key, isUse: false) is { } item)
        {
            _items.Counters.DeleteHits++;
            _items.Store.Remove(item);
            _answers.Line("DELETED"u8);
        }
        else
        {
            _items.Counters.DeleteMisses++;
            _answers.Line("NOT_FOUND"u8);
        }
    }

    private void Increment(MemcachedWords words, bool isUp)
    {
        var key = words.Next();
        if (key.Length > MemcachedKey.MostWritten)
        {
            _answers.Line(Malformed);
        }
        else if (!TextNumbers.TryUnsigned(words.Next(), out var delta))
        {
            _answers.Line("CLIENT_ERROR invalid numeric delta argument");
        }
        else if (_items.Find(key) is not { } item)
        {
            _ = isUp ? _items.Counters.IncrementMisses++ : _items.Counters.DecrementMisses++;
            _answers.Line("NOT_FOUND"u8);
        }
        else if (_items.Count(item, delta, isUp, out _) is { } number)
        {
            if (!_answers.IsQuiet)
            {
                _answers.Number(number);
                _answers.End();
            }
        }
        else
        {
            _answers.Line("CLIENT_ERROR cannot increment or decrement non-numeric value");
        }
    }

    private void Touch(MemcachedWords words)
    {
        var key = words.Next();
        if (key.Length > MemcachedKey.MostWritten)
        {
            _answers.Line(Malformed);
        }
        else if (!TextNumbers.TryNumber(words.Next(), out var expires))
        {
            _answers.Line("CLIENT_ERROR invalid exptime argument");
        }
        else if (_items.Find(key) is { } item)
        {
            (_items.Counters.Touches, _items.Counters.TouchHits) = (_items.Counters.Touches + 1, _items.Counters.TouchHits + 1);
            item.Expires = _items.Expires(expires);
            _items.Use(item);
            _answers.Line("TOUCHED"u8);
        }
        else
        {
            _items.Counters.Touches++;
            _answers.Line("NOT_FOUND"u8);
        }
    }

    private void Flush(MemcachedWords words, int count)
    {
        var at = 0L;
        if (count > 1 && !TextNumbers.TryNumber(words.Next(), out at))
        {
            _answers.Line("CLIENT_ERROR invalid exptime argument");
            return;
        }

        _items.Flush(_items.Expires(at));
        _answers.Line("OK"u8);
    }
}
