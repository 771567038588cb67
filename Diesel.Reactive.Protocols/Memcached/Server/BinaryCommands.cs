using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>The commands of the binary protocol, for old clients.</summary>
/// <remarks>Source: memcached's <c>doc/protocol-binary.txt</c>, and what memcached 1.6.18 does.</remarks>
internal sealed class BinaryCommands(MemcachedItems items, MemcachedAnswers answers, MemcachedStatistics statistics, MemcachedLimits limits)
{
    // A get, a store or another command without an answer to what goes as expected.
    private const byte FirstQuietStore = 0x11;

    private readonly BinaryAnswers _binary = new(answers);
    private BinaryHeader _request;

    /// <summary>A body of more bytes than there may be was thrown away.</summary>
    /// <param name="head">Its header, extras and key.</param>
    public void RefuseTooLarge(ReadOnlySpan<byte> head)
    {
        _binary.Request = _request = new BinaryHeader(head);
        RefuseValue(head[(BinaryHeader.Length + _request.ExtrasLength)..]);
    }

    /// <summary>Carries a command out.</summary>
    /// <param name="request">Its header.</param>
    /// <param name="body">Extras, key and value.</param>
    /// <returns>Whether the client wants to end.</returns>
    public bool Run(in BinaryHeader request, ReadOnlySpan<byte> body)
    {
        _binary.Request = _request = request;
        answers.IsQuiet = false;
        var extras = body[..request.ExtrasLength];
        var key = body.Slice(request.ExtrasLength, request.KeyLength);
        var value = body[(request.ExtrasLength + request.KeyLength)..];
        switch (request.Operation)
        {
            case 0x00 or 0x09 or 0x0c or 0x0d:
                Check(extras.IsEmpty && !key.IsEmpty && value.IsEmpty, extras, key, value, Get);
                break;
            case 0x01 or 0x02 or 0x03 or 0x11 or 0x12 or 0x13:
                Check(extras.Length == 8 && !key.IsEmpty, extras, key, value, Store);
                break;
            case 0x0e or 0x0f or 0x19 or 0x1a:
                Check(extras.IsEmpty && !key.IsEmpty, extras, key, value, Join);
                break;
            case 0x04 or 0x14:
                Check(extras.IsEmpty && !key.IsEmpty && value.IsEmpty, extras, key, value, Delete);
                break;
            case 0x05 or 0x06 or 0x15 or 0x16:
                Check(extras.Length == 20 && !key.IsEmpty && value.IsEmpty, extras, key, value, Count);
                break;
            case 0x1c or 0x1d or 0x1e or 0x23 or 0x24:
                Check(extras.Length == 4 && !key.IsEmpty && value.IsEmpty, extras, key, value, Touch);
                break;
            case 0x08 or 0x18:
                Check(extras.Length is 0 or 4 && key.IsEmpty && value.IsEmpty, extras, key, value, Flush);
                break;
            case 0x10:
                Check(extras.IsEmpty && value.IsEmpty, extras, key, value, Stat);
                break;
            case 0x0a:
                Check(body.IsEmpty, extras, key, value, static (self, _, _, _) => self.Answer());
                break;
            case 0x0b:
                Check(body.IsEmpty, extras, key, value, static (self, _, _, _) => self.Answer(value: Encoding.ASCII.GetBytes(self.Version)));
                break;
            case 0x1b:
                Check(extras.Length == 4 && key.IsEmpty && value.IsEmpty, extras, key, value, static (self, _, _, _) => self.Answer());
                break;
            case 0x07 or 0x17:
                if (request.Operation == 0x07)
                {
                    Answer();
                }

                return true;
            default:
                Refuse(BinaryStatus.UnknownCommand);
                break;
        }

        return false;
    }

    private delegate void Command(BinaryCommands self, ReadOnlySpan<byte> extras, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    private string Version => statistics.Version;

    private void Check(bool isRight, ReadOnlySpan<byte> extras, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Command command)
    {
        if (!isRight)
        {
            Refuse(BinaryStatus.InvalidArguments);
        }
        else if (value.Length > limits.MaxValue)
        {
            RefuseValue(key);
        }
        else
        {
            command(this, extras, key, value);
        }
    }

    private static void Get(BinaryCommands self, ReadOnlySpan<byte> extras, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => self.Give(
        self.Items.Get(key), key, withKey: self._request.Operation is 0x0c or 0x0d, withValue: true, isQuiet: self._request.Operation is 0x09 or 0x0d);

    private MemcachedItems Items => items;

    private void Give(StoredItem? item, ReadOnlySpan<byte> key, bool withKey, bool withValue, bool isQuiet)
    {
        if (item is not null)
        {
            Span<byte> flags = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(flags, item.Flags);
            Answer(flags, withKey ? key : default, withValue ? item.Value : default, item.Cas);
        }
        else if (!isQuiet)
        {
            if (withKey)
            {
                _binary.RefuseWithKey(key);
            }
            else
            {
                Refuse(BinaryStatus.KeyNotFound);
            }
        }
    }

    private static void Store(BinaryCommands self, ReadOnlySpan<byte> extras, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var mode = self._request.Operation switch { 0x02 or 0x12 => StoreMode.Add, 0x03 or 0x13 => StoreMode.Replace, _ => StoreMode.Set };
        var expires = self.Items.Expires(BinaryPrimitives.ReadInt32BigEndian(extras[4..]));
        var result = self.Items.Set(mode, key, value, BinaryPrimitives.ReadUInt32BigEndian(extras), expires, self._request.Cas, out var item);

        // Here what is there already, or is not, has names of its own.
        if (result == Stored.NotStored)
        {
            self.Refuse(mode == StoreMode.Add ? BinaryStatus.KeyExists : BinaryStatus.KeyNotFound);
            return;
        }

        self.Tell(result, item);
    }

    private void RefuseValue(ReadOnlySpan<byte> key)
    {
        if (_request.IsSet)
        {
            items.Drop(key);
        }

        Refuse(BinaryStatus.TooLarge);
    }

    private static void Join(BinaryCommands self, ReadOnlySpan<byte> extras, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var mode = self._request.Operation is 0x0e or 0x19 ? StoreMode.Append : StoreMode.Prepend;
        self.Tell(self.Items.Set(mode, key, value, 0, 0, self._request.Cas, out var item), item);
    }

    private void Tell(Stored result, StoredItem? item)
    {
        switch (result)
        {
            case Stored.Stored when _request.Operation < FirstQuietStore:
                Answer(cas: item!.Cas);
                break;
            case Stored.Stored:
                break;
            default:
                Refuse(result switch { Stored.Exists => BinaryStatus.KeyExists, Stored.NotFound => BinaryStatus.KeyNotFound, _ => BinaryStatus.NotStored });
                break;
        }
    }

    private static void Delete(BinaryCommands self, ReadOnlySpan<byte> extras, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (self.Items.Find(key, isUse: false) is not { } item)
        {
            self.Items.Counters.DeleteMisses++;
            self.Refuse(BinaryStatus.KeyNotFound);
        }
        else if (self._request.Cas != 0 && self._request.Cas != item.Cas)
        {
            self.Refuse(BinaryStatus.KeyExists);
        }
        else
        {
            self.Items.Counters.DeleteHits++;
            self.Items.Store.Remove(item);
            if (self._request.Operation == 0x04)
            {
                self.Answer();
            }
        }
    }

    private static void Count(BinaryCommands self, ReadOnlySpan<byte> extras, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        const uint NeverCreate = 0xffffffff;
        var isUp = self._request.Operation is 0x05 or 0x15;
        var (delta, initial, expires) = (BinaryPrimitives.ReadUInt64BigEndian(extras), BinaryPrimitives.ReadUInt64BigEndian(extras[8..]), BinaryPrimitives.ReadUInt32BigEndian(extras[16..]));
        var item = self.Items.Find(key);
        if (item is null && expires == NeverCreate)
        {
            _ = isUp ? self.Items.Counters.IncrementMisses++ : self.Items.Counters.DecrementMisses++;
            self.Refuse(BinaryStatus.KeyNotFound);
            return;
        }

        if (item is not null && self._request.Cas != 0 && self._request.Cas != item.Cas)
        {
            self.Refuse(BinaryStatus.KeyExists);
            return;
        }

        ulong? number = initial;
        var counted = item;
        if (item is null)
        {
            counted = self.Items.Put(new StoredItem(key, Encoding.ASCII.GetBytes(initial.ToString(CultureInfo.InvariantCulture))), 0, self.Items.Expires(expires));
        }
        else
        {
            number = self.Items.Count(item, delta, isUp, out counted);
        }

        if (number is not { } result)
        {
            self.Refuse(BinaryStatus.NotNumeric);
        }
        else if (self._request.Operation is 0x05 or 0x06)
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(bytes, result);
            self.Answer(value: bytes, cas: counted!.Cas);
        }
    }

    private static void Touch(BinaryCommands self, ReadOnlySpan<byte> extras, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var isTouch = self._request.Operation == 0x1c;
        self.Items.Counters.Touches++;
        var item = isTouch ? self.Items.Find(key) : self.Items.Get(key);
        if (item is not null)
        {
            self.Items.Counters.TouchHits++;
            item.Expires = self.Items.Expires(BinaryPrimitives.ReadInt32BigEndian(extras));
        }

        self.Give(item, key, withKey: self._request.Operation is 0x23 or 0x24, withValue: !isTouch, isQuiet: self._request.Operation is 0x1e or 0x24);
    }

    private static void Flush(BinaryCommands self, ReadOnlySpan<byte> extras, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        self.Items.Flush(extras.IsEmpty ? 0 : self.Items.Expires(BinaryPrimitives.ReadInt32BigEndian(extras)));
        if (self._request.Operation == 0x08)
        {
            self.Answer();
        }
    }

    private static void Stat(BinaryCommands self, ReadOnlySpan<byte> extras, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var group = Encoding.Latin1.GetString(key);
        if (group == "reset")
        {
            self.Items.Counters.Reset();
            self.Answer();
            return;
        }

        if (self.Statistics(group) is not { } all)
        {
            self.Refuse(BinaryStatus.KeyNotFound);
            return;
        }

        foreach (var (name, text) in all)
        {
            self.Answer(default, Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(text));
        }

        self.Answer();
    }

    private IEnumerable<(string Name, string Value)>? Statistics(string group) => statistics.Of(group);

    private void Answer(ReadOnlySpan<byte> extras = default, ReadOnlySpan<byte> key = default, ReadOnlyMemory<byte> value = default, ulong cas = 0) =>
        _binary.Answer(extras, key, value, cas);

    private void Refuse(BinaryStatus status) => _binary.Refuse(status);
}
