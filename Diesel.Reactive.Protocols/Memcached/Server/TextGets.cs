namespace Diesel.Reactive.Protocols.Memcached;

/// <summary><c>get</c>, <c>gets</c>, <c>gat</c> and <c>gats</c>.</summary>
internal sealed class TextGets(MemcachedItems items, MemcachedAnswers answers)
{
    private ReadOnlyMemory<byte> _rest;
    private bool _withCas;
    private long? _expires;

    /// <summary>Whether keys are left, as their values are to be sent after those before them.</summary>
    public bool HasMore => !_rest.IsEmpty;

    /// <summary>Carries a command out, if it is one of these.</summary>
    /// <param name="line">Without its end; it does not change.</param>
    public bool TryRun(ReadOnlyMemory<byte> line)
    {
        var words = new MemcachedWords(line.Span);
        var command = words.Next();
        var isGat = command.StartsWith("gat"u8);
        if (!(isGat || command.StartsWith("get"u8)) || command.Length > 4 || (command.Length == 4 && command[3] != 's'))
        {
            return false;
        }

        answers.IsQuiet = false;
        var expires = 0L;
        if (isGat)
        {
            var word = words.Next();
            if (!TextNumbers.TryNumber(word, out expires))
            {
                answers.Line(word.IsEmpty ? "ERROR" : "CLIENT_ERROR invalid exptime argument");
                return true;
            }
        }

        (_withCas, _expires) = (command.Length == 4, isGat ? expires : null);
        var keys = line[^words.Left..];
        if (!words.MoveNext())
        {
            answers.Line(isGat ? "END"u8 : "ERROR"u8);
            return true;
        }

        Tell(keys);
        return true;
    }

    /// <summary>Goes on with the keys that are left.</summary>
    /// <returns>Whether that were all.</returns>
    public bool TryFinish()
    {
        Tell(_rest);
        return !HasMore;
    }

    private void Tell(ReadOnlyMemory<byte> keys)
    {
        _rest = default;
        var words = new MemcachedWords(keys.Span);
        while (words.MoveNext())
        {
            if (words.Current.Length > MemcachedKey.MostWritten)
            {
                answers.Line("CLIENT_ERROR bad command line format");
                return;
            }

            TellOne(words.Current);
            if (answers.IsMuch && words.Left > 0)
            {
                _rest = keys[^words.Left..];
                return;
            }
        }

        answers.Line("END"u8);
    }

    private void TellOne(ReadOnlySpan<byte> key)
    {
        if (_expires is not null)
        {
            items.Counters.Touches++;
        }

        if (items.Get(key) is not { } item)
        {
            return;
        }

        if (_expires is { } asked)
        {
            item.Expires = items.Expires(asked);
            items.Counters.TouchHits++;
        }

        answers.Bytes("VALUE "u8);
        answers.Bytes(key);
        answers.Bytes(" "u8);
        answers.Number((ulong)item.Flags);
        answers.Bytes(" "u8);
        answers.Number((ulong)item.Value.Length);
        if (_withCas)
        {
            answers.Bytes(" "u8);
            answers.Number(item.Cas);
        }

        answers.End();
        answers.Value(item.Value);
        answers.End();
    }
}
