namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>The flags in answers to meta commands.</summary>
internal sealed class MetaAnswers(MemcachedItems items, MemcachedAnswers answers, MetaRequest request)
{
    /// <summary>Says whether the value is stale, and who is to compute a new one.</summary>
    public void Mark(StoredItem item, bool hasWon)
    {
        if (item.IsPromised)
        {
            answers.Bytes(" Z"u8);
        }

        if (item.IsStale)
        {
            answers.Bytes(" X"u8);
        }

        if (hasWon)
        {
            answers.Bytes(" W"u8);
            item.IsPromised = true;
        }
    }

    /// <summary>Says of an item what was asked for, in the order it was.</summary>
    public void Tell(StoredItem? item, bool wasFetched = false, long since = 0, bool isWritten = false, bool isNew = false)
    {
        foreach (var flag in request.Flags)
        {
            switch ((char)flag[0])
            {
                case 'O':
                    answers.Bytes(" "u8);
                    answers.Bytes(flag);
                    break;
                case 'k':
                    WriteKey(isWritten || item is null or { IsBinary: true });
                    break;
                case 'N' when isNew:
                    item!.Expires = items.Expires(request.Time('N'));
                    break;
                case 'T' when item is not null:
                    item.Expires = items.Expires(request.Time('T'));
                    break;
                case 'c' when item is not null:
                    Flag(" c"u8, item.Cas);
                    break;
                case 'f' when item is not null:
                    Flag(" f"u8, item.Flags);
                    break;
                case 's' when item is not null:
                    Flag(" s"u8, (ulong)item.Value.Length);
                    break;
                case 't' when item is not null:
                    answers.Bytes(" t"u8);
                    answers.Number(item.Expires == 0 ? -1 : item.Expires - items.Now);
                    break;
                case 'h' when item is not null:
                    answers.Bytes(wasFetched ? " h1"u8 : " h0"u8);
                    break;
                case 'l' when item is not null:
                    Flag(" l"u8, (ulong)Math.Max(0, since));
                    break;
            }
        }
    }

    /// <summary>Repeats what shows whose answer it is.</summary>
    /// <param name="cas">The item's number, if it was asked for; null: there is none to tell.</param>
    public void Repeat(ulong? cas = null)
    {
        foreach (var flag in request.Flags)
        {
            switch ((char)flag[0])
            {
                case 'O':
                    answers.Bytes(" "u8);
                    answers.Bytes(flag);
                    break;
                case 'k':
                    WriteKey(isWritten: true);
                    break;
                case 'c' when cas is { } number:
                    Flag(" c"u8, number);
                    break;
            }
        }
    }

    // As it was written; or, of an item whose key was not stored as a binary one, as it is.
    private void WriteKey(bool isWritten)
    {
        answers.Bytes(" k"u8);
        answers.Bytes(isWritten ? request.WrittenKey.Span : request.Key.Span);
        if (isWritten && request.Has('b'))
        {
            answers.Bytes(" b"u8);
        }
    }

    private void Flag(ReadOnlySpan<byte> flag, ulong number)
    {
        answers.Bytes(flag);
        answers.Number(number);
    }
}
