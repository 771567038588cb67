using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>The meta commands of the text protocol.</summary>
/// <remarks>What is refused, and how, is as memcached 1.6.18 does. Source: memcached's <c>doc/protocol.txt</c>, "Meta commands".</remarks>
internal sealed class MetaCommands(MemcachedItems items, MemcachedAnswers answers)
{
    private readonly MetaRequest _request = new();

    /// <summary>Carries a command out.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="isKnown">Whether it is a meta command.</param>
    /// <returns>What is to be stored when its value is there; null: it is done.</returns>
    public PendingStore? Run(ReadOnlySpan<byte> line, out bool isKnown)
    {
        isKnown = line.Length >= 2 && line[0] == 'm' && "gsdane".Contains((char)line[1], StringComparison.Ordinal) && (line.Length == 2 || line[2] == ' ');
        if (!isKnown)
        {
            return null;
        }

        var command = (char)line[1];
        items.Counters.MetaCommands++;
        answers.IsQuiet = false;
        if (command == 'n')
        {
            answers.Line("MN"u8);
            return null;
        }

        if (_request.Read(line, command) is { } wrong)
        {
            return Refuse(command, wrong);
        }

        switch (command)
        {
            case 'g':
                Get();
                return null;
            case 's':
                return Store();
            case 'd':
                Delete();
                return null;
            case 'a':
                Count();
                return null;
            default:
                Info();
                return null;
        }
    }

    // The value of a command that is refused is skipped, if its size is known.
    private PendingStore? Refuse(char command, string wrong)
    {
        if (command == 's' && _request.Size >= 0)
        {
            return new(_request.Size, null) { Refusal = wrong };
        }

        answers.Line(wrong);
        return null;
    }

    private void Get()
    {
        var item = items.Get(_request.Key.Span);
        var hasWon = false;
        if (item is null)
        {
            if (!_request.Has('N'))
            {
                if (!_request.Has('q'))
                {
                    answers.Bytes("EN"u8);
                    Repeat(null);
                    answers.Bytes("\r\n"u8);
                }

                return;
            }

            item = items.Put(new StoredItem(_request.Key.Span, default), 0, items.Expires(_request.Time('N')));
            hasWon = true;
        }

        var (wasFetched, used) = (item.IsFetched, item.Used);
        if (_request.Has('R') && item.Expires != 0 && item.Expires - items.Now < _request.Time('R'))
        {
            hasWon |= !item.IsPromised;
        }

        hasWon |= item.IsStale && !item.IsPromised;
        var value = _request.Has('v');
        answers.Bytes(value ? "VA "u8 : "HD"u8);
        if (value)
        {
            answers.Number((ulong)item.Value.Length);
        }

        Repeat(item, wasFetched, items.Now - used);
        Mark(item, hasWon);
        answers.Bytes("\r\n"u8);
        if (value)
        {
            answers.Value(item.Value);
            answers.Bytes("\r\n"u8);
        }
    }

    private void Mark(StoredItem item, bool hasWon)
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

    // What an answer says of an item, in the order it was asked.
    private void Repeat(StoredItem? item, bool wasFetched = false, long since = 0, bool isWritten = false)
    {
        foreach (var flag in _request.Flags)
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
                case 'T' when item is not null:
                    item.Expires = items.Expires(_request.Time('T'));
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

    // As it was written; or, of an item whose key was not stored as a binary one, as it is.
    private void WriteKey(bool isWritten)
    {
        answers.Bytes(" k"u8);
        answers.Bytes(isWritten ? _request.WrittenKey.Span : _request.Key.Span);
        if (isWritten && _request.Has('b'))
        {
            answers.Bytes(" b"u8);
        }
    }

    private void Flag(ReadOnlySpan<byte> flag, ulong number)
    {
        answers.Bytes(flag);
        answers.Number(number);
    }

    private PendingStore Store()
    {
        var mode = _request.Mode switch { 'E' => StoreMode.Add, 'A' => StoreMode.Append, 'P' => StoreMode.Prepend, 'R' => StoreMode.Replace, _ => StoreMode.Set };
        return new(_request.Size, value => Finish(mode, value)) { Key = _request.Key.ToArray() };
    }

    private void Finish(StoreMode mode, ReadOnlyMemory<byte> value)
    {
        var key = _request.Key.Span;
        var before = items.Find(key, isUse: false);
        var expires = items.Expires(_request.Has('T') ? _request.Time('T') : 0);
        var cas = _request.Has('C') ? _request.Number('C') : (ulong?)null;

        // With I, a value computed from what was older is taken, and is stale.
        var isStale = _request.Has('I') && cas is { } asked && before is not null && asked < before.Cas;
        var result = items.Set(mode, key, value.Span, (uint)_request.Number('F'), expires, isStale ? null : cas, out var item);
        if (item is not null)
        {
            (item.IsStale, item.IsBinary) = (isStale, _request.Has('b'));
        }

        if (result == Stored.Stored && _request.Has('q'))
        {
            return;
        }

        answers.Bytes(result switch { Stored.Stored => "HD"u8, Stored.Exists => "EX"u8, Stored.NotFound => "NF"u8, _ => "NS"u8 });
        RepeatOf(item);
        answers.Bytes("\r\n"u8);
    }

    private void RepeatOf(StoredItem? item)
    {
        foreach (var flag in _request.Flags)
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
                case 'c' when item is not null:
                    Flag(" c"u8, item.Cas);
                    break;
            }
        }
    }

    private void Delete()
    {
        if (items.Find(_request.Key.Span, isUse: false) is not { } item)
        {
            items.Counters.DeleteMisses++;
            Answer("NF"u8, isSilent: false);
        }
        else if (_request.Has('C') && _request.Number('C') != item.Cas)
        {
            Answer("EX"u8, isSilent: false);
        }
        else
        {
            items.Counters.DeleteHits++;
            if (_request.Has('I'))
            {
                Invalidate(item);
            }
            else
            {
                items.Store.Remove(item);
            }

            Answer("HD"u8, isSilent: _request.Has('q'));
        }
    }

    private void Invalidate(StoredItem item)
    {
        if (_request.Has('T'))
        {
            item.Expires = items.Expires(_request.Time('T'));
        }

        (item.IsStale, item.IsPromised) = (true, false);
        items.Renew(item);
    }

    private void Answer(ReadOnlySpan<byte> code, bool isSilent)
    {
        if (!isSilent)
        {
            answers.Bytes(code);
            RepeatOf(null);
            answers.Bytes("\r\n"u8);
        }
    }

    private void Count()
    {
        var isUp = _request.Mode is not ('D' or 'd' or '-');
        var item = items.Find(_request.Key.Span);
        if (item is null && !_request.Has('N'))
        {
            _ = isUp ? items.Counters.IncrementMisses++ : items.Counters.DecrementMisses++;
            Answer("NF"u8, isSilent: false);
            return;
        }

        if (item is null)
        {
            var initial = Encoding.ASCII.GetBytes(_request.Number('J').ToString(CultureInfo.InvariantCulture));
            item = items.Put(new StoredItem(_request.Key.Span, initial), 0, items.Expires(_request.Time('N')));
            Counted(item, _request.Number('J'));
            return;
        }

        if (_request.Has('C') && _request.Number('C') != item.Cas)
        {
            Answer("EX"u8, isSilent: false);
            return;
        }

        if (items.Count(item, _request.Number('D', otherwise: 1), isUp, out var counted) is not { } number)
        {
            answers.Line("CLIENT_ERROR cannot increment or decrement non-numeric value");
            return;
        }

        if (_request.Has('T'))
        {
            counted.Expires = items.Expires(_request.Time('T'));
        }

        Counted(counted, number);
    }

    private void Counted(StoredItem item, ulong number)
    {
        if (_request.Has('q'))
        {
            return;
        }

        var text = number.ToString(CultureInfo.InvariantCulture);
        answers.Bytes(_request.Has('v') ? "VA "u8 : "HD"u8);
        if (_request.Has('v'))
        {
            answers.Number((ulong)text.Length);
        }

        Repeat(item, isWritten: true);
        answers.Bytes("\r\n"u8);
        if (_request.Has('v'))
        {
            answers.Line(text);
        }
    }

    private void Info()
    {
        if (items.Find(_request.Key.Span, isUse: false) is not { } item)
        {
            answers.Line("EN"u8);
            return;
        }

        answers.Bytes("ME "u8);
        answers.Bytes((item.IsBinary ? _request.WrittenKey : _request.Key).Span);
        answers.Line(string.Create(
            CultureInfo.InvariantCulture,
            $" exp={(item.Expires == 0 ? -1 : item.Expires - items.Now)} la={items.Now - item.Used} cas={item.Cas} fetch={(item.IsFetched ? "yes" : "no")} cls=1 size={item.Size}"));
    }
}
