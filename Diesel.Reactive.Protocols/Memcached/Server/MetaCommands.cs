using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>The meta commands of the text protocol.</summary>
/// <remarks>What is refused, and how, is as memcached 1.6.18 does. Source: memcached's <c>doc/protocol.txt</c>, "Meta commands".</remarks>
internal sealed class MetaCommands
{
    private readonly MemcachedItems _items;
    private readonly MemcachedAnswers _answers;
    private readonly MetaRequest _request = new();
    private readonly MetaAnswers _said;

    public MetaCommands(MemcachedItems items, MemcachedAnswers answers)
    {
        (_items, _answers) = (items, answers);
        _said = new MetaAnswers(items, answers, _request);
    }

    /// <summary>Whether a line is one of these.</summary>
    public static bool IsOne(ReadOnlySpan<byte> line) =>
        line.Length >= 2 && line[0] == 'm' && line[1] is (byte)'g' or (byte)'s' or (byte)'d' or (byte)'a' or (byte)'n' or (byte)'e' && (line.Length == 2 || line[2] == ' ');

    /// <summary>Carries a command out.</summary>
    /// <param name="line">Without its end; <see cref="IsOne"/>.</param>
    /// <param name="value">With its end, of a command that stores one.</param>
    /// <param name="isTooLarge">Whether there was one, and it was larger than one may be.</param>
    public void Run(ReadOnlyMemory<byte> line, ReadOnlyMemory<byte> value, bool isTooLarge)
    {
        var command = (char)line.Span[1];
        _items.Counters.MetaCommands++;
        _answers.IsQuiet = false;
        if (command == 'n')
        {
            _answers.Line("MN"u8);
            return;
        }

        if (_request.Read(line, command) is { } wrong)
        {
            _answers.Line(wrong);
            return;
        }

        switch (command)
        {
            case 'g':
                Get();
                break;
            case 's' when isTooLarge:
                _items.Drop(_request.Key.Span);
                _answers.Line("SERVER_ERROR object too large for cache"u8);
                break;
            case 's' when !value.Span.EndsWith("\r\n"u8):
                _answers.Line("CLIENT_ERROR bad data chunk"u8);
                break;
            case 's':
                Store(value.Span[..^2]);
                break;
            case 'd':
                Delete();
                break;
            case 'a':
                Count();
                break;
            default:
                Info();
                break;
        }
    }

    private void Get()
    {
        var isUse = !_request.Has('u');
        var item = _items.Get(_request.Key.Span, isUse);
        var (wasFetched, used) = (item is { IsFetched: true }, item?.Used ?? _items.Now);
        var (hasWon, isNew) = (false, false);
        if (item is null)
        {
            if (!_request.Has('N'))
            {
                if (!_request.Has('q'))
                {
                    _answers.Bytes("EN"u8);
                    _said.Tell(null);
                    _answers.End();
                }

                return;
            }

            // Its end is set where that flag stands: before it, t tells of none.
            item = _items.Put(new StoredItem(_request.Key.Span, default), 0, 0);
            (hasWon, isNew) = (true, true);
        }

        if (isUse)
        {
            _items.Use(item);
        }

        if (_request.Has('R') && item.Expires != 0 && item.Expires - _items.Now < _request.Time('R'))
        {
            hasWon |= !item.IsPromised;
        }

        hasWon |= item.IsStale && !item.IsPromised;
        var value = _request.Has('v');
        _answers.Bytes(value ? "VA "u8 : "HD"u8);
        if (value)
        {
            _answers.Number((ulong)item.Value.Length);
        }

        _said.Tell(item, wasFetched, _items.Now - used, isNew: isNew);
        _said.Mark(item, hasWon);
        _answers.End();
        if (value)
        {
            _answers.Value(item.Value);
            _answers.End();
        }
    }

    private void Store(ReadOnlySpan<byte> value)
    {
        var mode = _request.Mode switch { 'E' => StoreMode.Add, 'A' => StoreMode.Append, 'P' => StoreMode.Prepend, 'R' => StoreMode.Replace, _ => StoreMode.Set };
        var key = _request.Key.Span;
        var before = _items.Find(key, isUse: false);
        var expires = _items.Expires(_request.Has('T') ? _request.Time('T') : 0);
        var cas = _request.Has('C') ? _request.Number('C') : (ulong?)null;

        // With I, a value computed from what was older is taken, and is stale; it ends when the newer one would.
        var isStale = _request.Has('I') && mode is StoreMode.Set or StoreMode.Replace && cas is { } asked && before is not null && asked < before.Cas;
        var result = _items.Set(mode, key, value, (uint)_request.Number('F'), isStale ? before!.Expires : expires, isStale ? null : cas, out var item);
        if (item is not null)
        {
            (item.IsStale, item.IsPromised, item.IsBinary) = (isStale, isStale && before!.IsPromised, _request.Has('b'));
        }

        if (result == Stored.Stored && _request.Has('q'))
        {
            return;
        }

        _answers.Bytes(result switch { Stored.Stored => "HD"u8, Stored.Exists => "EX"u8, Stored.NotFound => "NF"u8, _ => "NS"u8 });
        _said.Repeat(item?.Cas ?? 0);
        _answers.End();
    }

    private void Delete()
    {
        if (_items.Find(_request.Key.Span, isUse: false) is not { } item)
        {
            _items.Counters.DeleteMisses++;
            Answer("NF"u8, isSilent: false);
        }
        else if (_request.Has('C') && _request.Number('C') != item.Cas)
        {
            Answer("EX"u8, isSilent: false);
        }
        else
        {
            _items.Counters.DeleteHits++;
            if (_request.Has('I'))
            {
                Invalidate(item);
            }
            else
            {
                _items.Store.Remove(item);
            }

            Answer("HD"u8, isSilent: _request.Has('q'));
        }
    }

    private void Invalidate(StoredItem item)
    {
        if (_request.Has('T'))
        {
            item.Expires = _items.Expires(_request.Time('T'));
        }

        (item.IsStale, item.IsPromised) = (true, false);
        _items.Renew(item);
    }

    private void Answer(ReadOnlySpan<byte> code, bool isSilent)
    {
        if (!isSilent)
        {
            _answers.Bytes(code);
            _said.Repeat();
            _answers.End();
        }
    }

    private void Count()
    {
        var isUp = _request.Mode is not ('D' or 'd' or '-');
        var item = _items.Find(_request.Key.Span);
        if (item is null && !_request.Has('N'))
        {
            _ = isUp ? _items.Counters.IncrementMisses++ : _items.Counters.DecrementMisses++;
            Answer("NF"u8, isSilent: false);
            return;
        }

        if (item is null)
        {
            var initial = Encoding.ASCII.GetBytes(_request.Number('J').ToString(CultureInfo.InvariantCulture));
            item = _items.Put(new StoredItem(_request.Key.Span, initial), 0, 0);
            Counted(item, _request.Number('J'), isNew: true);
            return;
        }

        // An empty one is no number before it is another one's.
        if (_request.Has('C') && _request.Number('C') != item.Cas && !item.Value.IsEmpty)
        {
            Answer("EX"u8, isSilent: false);
            return;
        }

        if (_items.Count(item, _request.Number('D', otherwise: 1), isUp, out var counted) is not { } number)
        {
            _answers.Line("CLIENT_ERROR cannot increment or decrement non-numeric value");
            return;
        }

        Counted(counted, number, isNew: false);
    }

    // One that is new is told also where no answer was wanted.
    private void Counted(StoredItem item, ulong number, bool isNew)
    {
        if (_request.Has('q') && !isNew)
        {
            item.Expires = _request.Has('T') ? _items.Expires(_request.Time('T')) : item.Expires;
            return;
        }

        var text = number.ToString(CultureInfo.InvariantCulture);
        _answers.Bytes(_request.Has('v') ? "VA "u8 : "HD"u8);
        if (_request.Has('v'))
        {
            _answers.Number((ulong)text.Length);
        }

        _said.Tell(item, isWritten: true, isNew: isNew);
        _answers.End();
        if (_request.Has('v'))
        {
            _answers.Line(text);
        }
    }

    private void Info()
    {
        if (_items.Find(_request.Key.Span, isUse: false) is not { } item)
        {
            _answers.Line("EN"u8);
            return;
        }

        _answers.Bytes("ME "u8);
        _answers.Bytes((item.IsBinary ? _request.WrittenKey : _request.Key).Span);
        // The time that is left, as memcached has it: below zero.
        _answers.Line(string.Create(
            CultureInfo.InvariantCulture,
            $" exp={(item.Expires == 0 ? -1 : _items.Now - item.Expires)} la={_items.Now - item.Used} cas={item.Cas} fetch={(item.IsFetched ? "yes" : "no")} cls=1 size={item.Size}"));
    }
}
