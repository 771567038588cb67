namespace Diesel.Reactive.Protocols.Memcached;

/// <summary><c>get</c>, <c>gets</c>, <c>gat</c> and <c>gats</c>.</summary>
internal sealed class TextGets(MemcachedItems items, MemcachedAnswers answers)
{
    /// <summary>Carries a command out, if it is one of these.</summary>
    public bool TryRun(ReadOnlySpan<byte> command, MemcachedWords words)
    {
        var (isGat, withCas) = (command.StartsWith("gat"u8), command.EndsWith("s"u8));
        if (!(command.SequenceEqual("get"u8) || command.SequenceEqual("gets"u8) || command.SequenceEqual("gat"u8) || command.SequenceEqual("gats"u8)))
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

        if (!words.MoveNext())
        {
            answers.Line(isGat ? "END"u8 : "ERROR"u8);
            return true;
        }

        do
        {
            if (words.Current.Length > MemcachedKey.MostWritten)
            {
                answers.Line("CLIENT_ERROR bad command line format");
                return true;
            }

            GetOne(words.Current, withCas, isGat ? expires : null);
        }
        while (words.MoveNext());
        answers.Line("END"u8);
        return true;
    }

    private void GetOne(ReadOnlySpan<byte> key, bool withCas, long? expires)
    {
        if (expires is not null)
        {
            items.Counters.Touches++;
        }

        if (items.Get(key) is not { } item)
        {
            return;
        }

        if (expires is { } asked)
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
        if (withCas)
        {
            answers.Bytes(" "u8);
            answers.Number(item.Cas);
        }

        answers.Bytes("\r\n"u8);
        answers.Value(item.Value);
        answers.Bytes("\r\n"u8);
    }
}
