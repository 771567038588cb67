namespace Diesel.Reactive;

/// <summary>Calls in the order they came, which any of them may leave. A ring that grows to what it once held, so that standing in line
/// allocates nothing; who has left is skipped.</summary>
/// <param name="holder">Whose line it is: a call stands in it while its place is that, or abandoned.</param>
internal sealed class CallLine<TReply>(object holder)
{
    private const int LeastSlots = 16;

    private Standing<TReply>[] _slots = [];
    private int _first;
    private int _used;

    /// <summary>Who stands in line.</summary>
    public int Count { get; private set; }

    /// <summary>The first in line; its call is null: nobody stands there.</summary>
    public Standing<TReply> Head => _used == 0 ? default : _slots[_first];

    /// <summary>The bytes of all; of some who have left as well, until <see cref="Tidy"/>.</summary>
    public long Bytes { get; private set; }

    public void Add(in Standing<TReply> standing)
    {
        MakeRoom();
        _slots[At(_used)] = standing;
        Counted(standing);
    }

    /// <summary>Puts a call before all others.</summary>
    public void AddFirst(in Standing<TReply> standing)
    {
        MakeRoom();
        _first = At(_slots.Length - 1);
        _slots[_first] = standing;
        Counted(standing);
    }

    /// <summary>Somebody has left: its place is another one already.</summary>
    public void Left()
    {
        Count--;
        while (_used > 0 && !Stands(_slots[_first]))
        {
            Bytes -= _slots[_first].Bytes;
            _slots[_first] = default;
            _first = At(1);
            _used--;
        }
    }

    /// <summary>All who stand in line.</summary>
    public Standing<TReply>[] All() => [.. Enumerable.Range(0, _used).Select(i => _slots[At(i)]).Where(Stands)];

    public void Clear() => (_slots, _first, _used, Count, Bytes) = ([], 0, 0, 0, 0);

    /// <summary>Forgets those who have left.</summary>
    public void Tidy()
    {
        if (_used > Count)
        {
            Resize(_slots.Length);
        }
    }

    private void Counted(in Standing<TReply> standing)
    {
        _used++;
        Count++;
        Bytes += standing.Bytes;
    }

    private bool Stands(Standing<TReply> standing) => standing.Call!.Place is var place && (place == holder || place == CallPlace.Abandoned);

    private int At(int index) => (_first + index) & (_slots.Length - 1);

    // A ring that is full of those who have left does not grow.
    private void MakeRoom()
    {
        if (_used == _slots.Length)
        {
            Resize(Math.Max(LeastSlots, Count > _slots.Length / 2 ? 2 * _slots.Length : _slots.Length));
        }
    }

    private void Resize(int slots)
    {
        var all = All();
        _slots = new Standing<TReply>[slots];
        all.CopyTo(_slots, 0);
        (_first, _used, Bytes) = (0, all.Length, all.Sum(static standing => standing.Bytes));
    }
}

/// <summary>One who stands in line.</summary>
/// <param name="Call">Who; null: nobody.</param>
/// <param name="From">Its first byte in the output.</param>
/// <param name="To">The byte behind its last.</param>
internal readonly record struct Standing<TReply>(Call<TReply>? Call, long From, long To)
{
    public long Bytes => To - From;
}
