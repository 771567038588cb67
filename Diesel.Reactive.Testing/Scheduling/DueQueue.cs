namespace Diesel.Reactive.Testing;

/// <summary>What waits for its instant: by time, then lane, then in the order it was added. What is taken back leaves at once,
/// so that timeouts that never fire cost nothing for long.</summary>
internal sealed class DueQueue
{
    private const int LaneShift = 60;

    private Entry[] _heap = new Entry[16];
    private long _added;

    public int Count { get; private set; }

    public DueWork? Peek() => Count > 0 ? _heap[0].Work : null;

    public void Add(DueWork work, MarbleLane lane)
    {
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, 2 * Count);
        }

        Rise(Count++, new Entry(work.DueTime, ((long)lane << LaneShift) | _added++, work));
    }

    public void Remove(DueWork work)
    {
        var hole = work.Position;
        if (hole < 0)
        {
            return;
        }

        work.Position = -1;
        var last = _heap[--Count];
        _heap[Count] = default;
        if (hole == Count)
        {
            return;
        }

        if (hole > 0 && last.IsBefore(_heap[(hole - 1) / 2]))
        {
            Rise(hole, last);
        }
        else
        {
            Sink(hole, last);
        }
    }

    /// <summary>Whether the first waited for its instant, and another did that is due at the same.</summary>
    public bool FirstHasRival => Count > 1 && IsRival(0) && ((IsRival(1) && _heap[1].Due == _heap[0].Due) || (Count > 2 && IsRival(2) && _heap[2].Due == _heap[0].Due));

    /// <summary>The first comes after all others of its instant.</summary>
    public void PostponeFirst()
    {
        var first = _heap[0].Work;
        Remove(first);
        Add(first, MarbleLane.Work);
    }

    private bool IsRival(int position) => _heap[position].Work.HasWaited && _heap[position].Order >> LaneShift == (long)MarbleLane.Work;

    private void Rise(int hole, Entry entry)
    {
        while (hole > 0 && entry.IsBefore(_heap[(hole - 1) / 2]))
        {
            Put(hole, _heap[(hole - 1) / 2]);
            hole = (hole - 1) / 2;
        }

        Put(hole, entry);
    }

    private void Sink(int hole, Entry entry)
    {
        for (var child = (2 * hole) + 1; child < Count; child = (2 * hole) + 1)
        {
            if (child + 1 < Count && _heap[child + 1].IsBefore(_heap[child]))
            {
                child++;
            }

            if (entry.IsBefore(_heap[child]))
            {
                break;
            }

            Put(hole, _heap[child]);
            hole = child;
        }

        Put(hole, entry);
    }

    private void Put(int position, Entry entry)
    {
        _heap[position] = entry;
        entry.Work.Position = position;
    }

    private readonly record struct Entry(long Due, long Order, DueWork Work)
    {
        public bool IsBefore(in Entry other) => Due < other.Due || (Due == other.Due && Order < other.Order);
    }
}
