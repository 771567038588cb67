using System.Reactive;

namespace Diesel.Reactive;

/// <summary>What waits to be sent, in the order in which it is: by priority, and first come first served within one.</summary>
/// <remarks>A ring, so that an item that overtakes moves the fewer of those before and behind it.</remarks>
internal sealed class OutputQueue
{
    private const int Least = 4;

    // A mebibyte and the head before it are one call.
    private const int Little = 64 * 1024;

    private OutputItem[] _items = new OutputItem[Least];
    private int _first;
    private int _fixed;
    private int _barred;

    /// <summary>The one below it in the pool.</summary>
    public OutputQueue? Below { get; set; }

    public int Count { get; private set; }

    public int Capacity => _items.Length;

    /// <summary>How much of the first item was sent.</summary>
    public long HeadSent { get; private set; }

    /// <summary>Bytes of files that wait, which take no memory.</summary>
    public long FileBytes { get; private set; }

    public ref readonly OutputItem this[int index] => ref At(index);

    // The item is copied once, to where it stays: a second copy costs as much as all the rest.
    public void Add(in OutputItem item, bool isReply)
    {
        if (Count == _items.Length)
        {
            Grow();
        }

        var place = PlaceFor(item.Priority, Count);
        Count++;
        OpenGap(place);
        ref var added = ref At(place);
        added = item;
        added.IsReply = isReply;
        FileBytes += item.File?.Count ?? 0;
        _barred = item.IsBar ? Count : _barred;
    }

    /// <summary>Fills a batch with the first items, whose order therefore stays until the transport has answered.</summary>
    /// <param name="batch">Empty.</param>
    /// <param name="most">About so many bytes: the last item may be a little longer, or is cut.</param>
    /// <param name="isExact">Not a byte more than that.</param>
    public void Gather(OutputBatch batch, long most, bool isExact = false)
    {
        for (_fixed = 0; _fixed < Count && batch.Length < most && At(_fixed).File is not { Count: > 0 }; _fixed++)
        {
            var bytes = At(_fixed).Bytes[(_fixed == 0 ? (int)HeadSent : 0)..];
            var room = (int)(most - batch.Length);
            if (!batch.TryAdd(bytes.Length > room + (isExact ? 0 : Little) ? bytes[..room] : bytes))
            {
                break;
            }
        }
    }

    /// <summary>As <see cref="Gather"/>, of the first item alone.</summary>
    public void FixFirst() => _fixed = 1;

    /// <summary>The transport has answered: only an item of which a part is out is not overtaken, and what came meanwhile takes its
    /// place.</summary>
    public void Unfix()
    {
        var late = _fixed;
        _fixed = HeadSent > 0 ? 1 : 0;
        for (; late > Floor && late < Count && At(late).Priority > At(late - 1).Priority; late++)
        {
            var item = At(late);
            var place = PlaceFor(item.Priority, late);
            for (var i = late; i > place; i--)
            {
                At(i) = At(i - 1);
            }

            At(place) = item;
        }
    }

    /// <summary>So many bytes of the first item are out.</summary>
    /// <returns>Whether that was all of it; the item is to be removed then.</returns>
    public bool Advance(long count)
    {
        HeadSent += count;
        FileBytes -= At(0).File is null ? 0 : count;
        return HeadSent == At(0).Length;
    }

    /// <summary>Removes the first item, whose bytes are needed no longer.</summary>
    /// <returns>Who is to be told.</returns>
    public AwaitableSource<Unit>? RemoveFirst(OutputPool pool)
    {
        ref var first = ref At(0);
        FileBytes -= first.File is { } file ? file.Count - HeadSent : 0;
        var receipt = first.Receipt;
        first.LetGo(pool);
        first = default;
        _first = (_first + 1) & (_items.Length - 1);
        (_fixed, _barred) = (Math.Max(0, _fixed - 1), Math.Max(0, _barred - 1));
        Count--;
        HeadSent = 0;
        return receipt;
    }

    // So many of the first are not overtaken.
    private int Floor => Math.Max(_fixed, _barred);

    private ref OutputItem At(int index) => ref _items[(_first + index) & (_items.Length - 1)];

    // Among those before an end, which are in order.
    private int PlaceFor(int priority, int end)
    {
        if (end <= Floor || At(end - 1).Priority >= priority)
        {
            return end;
        }

        var (low, high) = (Floor, end - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = At(middle).Priority >= priority ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private void OpenGap(int place)
    {
        if (place < Count / 2)
        {
            _first = (_first - 1) & (_items.Length - 1);
            for (var i = 0; i < place; i++)
            {
                At(i) = At(i + 1);
            }
        }
        else
        {
            for (var i = Count - 1; i > place; i--)
            {
                At(i) = At(i - 1);
            }
        }
    }

    private void Grow()
    {
        var larger = new OutputItem[_items.Length * 2];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = At(i);
        }

        (_items, _first) = (larger, 0);
    }
}
