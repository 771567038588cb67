namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>What was written, in order.</summary>
internal sealed class ChangeLog
{
    private readonly List<StoredChange> _changes = [];

    /// <summary>How many there are: what is written next has this number.</summary>
    public int Count => _changes.Count;

    public StoredChange this[int number] => _changes[number];

    /// <summary>Told of each that comes.</summary>
    public event Action? Grown;

    public void Add(StoredChange change)
    {
        _changes.Add(change);
        Grown?.Invoke();
    }
}
