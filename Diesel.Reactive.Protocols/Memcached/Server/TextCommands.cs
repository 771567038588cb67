namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>The classic commands of the text protocol.</summary>
/// <remarks>What is refused, and how, is as memcached 1.6.18 does. Source: memcached's <c>doc/protocol.txt</c>.</remarks>
internal sealed class TextCommands(MemcachedItems items, MemcachedAnswers answers, MemcachedStatistics statistics)
{
    private const string Malformed = "CLIENT_ERROR bad command line format";

    private readonly TextGets _gets = new(items, answers);

    /// <summary>Carries a command out.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="isKnown">Whether there is a command of that name with so many arguments.</param>
    /// <returns>What is to be stored when its value is there; null: it is done.</returns>
    public PendingStore? Run(ReadOnlySpan<byte> line, out bool isKnown)
    {
        var words = new MemcachedWords(line);
        var command = words.Next();
        if (command.StartsWith("g"u8) && _gets.TryRun(command, words))
        {
            isKnown = true;
            return null;
        }

        var count = 0;
        foreach (var word in new MemcachedWords(line))
        {
            count++;
        }

        answers.IsQuiet = EndsQuietly(line);
        PendingStore? pending = null;
        isKnown = count > 1 && ModeOf(command) is { } mode ? TryStore(words, count, mode, command.SequenceEqual("cas"u8), out pending) : TryDo(command, words, count);
        return pending;
    }

    private static StoreMode? ModeOf(ReadOnlySpan<byte> command) =>
        command.SequenceEqual("set"u8) || command.SequenceEqual("cas"u8) ? StoreMode.Set
        : command.SequenceEqual("add"u8) ? StoreMode.Add
        : command.SequenceEqual("replace"u8) ? StoreMode.Replace
        : command.SequenceEqual("append"u8) ? StoreMode.Append
        : command.SequenceEqual("prepend"u8) ? StoreMode.Prepend
        : null;

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
            Flush(words, count - (answers.IsQuiet ? 1 : 0));
        }
        else if (command.SequenceEqual("version"u8))
        {
            answers.Loud($"VERSION {statistics.Version}");
        }
        else if (command.SequenceEqual("verbosity"u8) && count is 2 or 3)
        {
            answers.Line(TextNumbers.TryUnsigned(words.Next(), out _) || answers.IsQuiet ? "OK" : Malformed);
        }
        else if (command.SequenceEqual("stats"u8) && count <= 2)
        {
            answers.IsQuiet = false;
            return statistics.TryTell(words.Next(), answers);
        }
        else
        {
            return false;
        }

        return true;
    }

    // <command> key flags exptime bytes [cas] [noreply]
    private bool TryStore(MemcachedWords words, int count, StoreMode mode, bool withCas, out PendingStore? pending)
    {
        pending = null;
        var least = withCas ? 6 : 5;
        if (count < least || count > least + 1)
        {
            return false;
        }

        var key = words.Next();
        if (key.Length > MemcachedKey.MostWritten || !TextNumbers.TryFlags(words.Next(), out var flags) || !TextNumbers.TryNumber(words.Next(), out var expires)
            || !TextNumbers.TryNumber(words.Next(), out var size) || size is < 0 or > int.MaxValue - 2)
        {
            answers.Line(Malformed);
            return true;
        }

        var cas = 0ul;
        if (withCas && !TextNumbers.TryUnsigned(words.Next(), out cas))
        {
            answers.Line(Malformed);
            return true;
        }

        var (kept, isQuiet) = (key.ToArray(), answers.IsQuiet);
        pending = new(size, value =>
        {
            answers.IsQuiet = isQuiet;
            answers.Line(items.Set(mode, kept, value.Span, flags, items.Expires(expires), withCas ? cas : null, out _) switch
            {
                Stored.Stored => "STORED"u8,
                Stored.Exists => "EXISTS"u8,
                Stored.NotFound => "NOT_FOUND"u8,
                _ => "NOT_STORED"u8,
            });
        })
        {
            Key = kept,
        };
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
            if (!(count == 3 && (isZero || answers.IsQuiet)) && !(count == 4 && isZero && answers.IsQuiet))
            {
                answers.Line("CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]");
                return;
            }
        }

        if (key.Length > MemcachedKey.MostWritten)
        {
            answers.Line(Malformed);
        }
        else if (items.Find(key, isUse: false) is { } item)
        {
            items.Counters.DeleteHits++;
            items.Store.Remove(item);
            answers.Line("DELETED"u8);
        }
        else
        {
            items.Counters.DeleteMisses++;
            answers.Line("NOT_FOUND"u8);
        }
    }

    private void Increment(MemcachedWords words, bool isUp)
    {
        var key = words.Next();
        if (key.Length > MemcachedKey.MostWritten)
        {
            answers.Line(Malformed);
        }
        else if (!TextNumbers.TryUnsigned(words.Next(), out var delta))
        {
            answers.Line("CLIENT_ERROR invalid numeric delta argument");
        }
        else if (items.Find(key) is not { } item)
        {
            _ = isUp ? items.Counters.IncrementMisses++ : items.Counters.DecrementMisses++;
            answers.Line("NOT_FOUND"u8);
        }
        else if (items.Count(item, delta, isUp, out _) is { } number)
        {
            if (!answers.IsQuiet)
            {
                answers.Number(number);
                answers.Bytes("\r\n"u8);
            }
        }
        else
        {
            answers.Line("CLIENT_ERROR cannot increment or decrement non-numeric value");
        }
    }

    private void Touch(MemcachedWords words)
    {
        var key = words.Next();
        if (key.Length > MemcachedKey.MostWritten)
        {
            answers.Line(Malformed);
        }
        else if (!TextNumbers.TryNumber(words.Next(), out var expires))
        {
            answers.Line("CLIENT_ERROR invalid exptime argument");
        }
        else if (items.Find(key) is { } item)
        {
            (items.Counters.Touches, items.Counters.TouchHits) = (items.Counters.Touches + 1, items.Counters.TouchHits + 1);
            item.Expires = items.Expires(expires);
            answers.Line("TOUCHED"u8);
        }
        else
        {
            items.Counters.Touches++;
            answers.Line("NOT_FOUND"u8);
        }
    }

    private void Flush(MemcachedWords words, int count)
    {
        var at = 0L;
        if (count > 1 && !TextNumbers.TryNumber(words.Next(), out at))
        {
            answers.Line("CLIENT_ERROR invalid exptime argument");
            return;
        }

        items.Flush(items.Expires(at));
        answers.Line("OK"u8);
    }
}
