namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>What was written last, in order.</summary>
/// <param name="most">How much is kept; now and then a thousand more.</param>
internal sealed class ChangeLog(int most)
{
    private const int Step = 1000;

    private readonly List<StoredChange> _changes = [];

    /// <summary>How many there were: what is written next has this number.</summary>
    public int Count => First + _changes.Count;

    /// <summary>The oldest that is kept.</summary>
    public int First { get; private set; }

    public StoredChange this[int number] => _changes[number - First];

    /// <summary>Told of each that comes.</summary>
    public event Action? Grown;

    public void Add(StoredChange change)
    {
        _changes.Add(change);
        if (_changes.Count - Step > most)
        {
            _changes.RemoveRange(0, Step);
            First += Step;
        }

        Grown?.Invoke();
    }
}
