namespace Diesel.Reactive;

/// <summary>Items for one reader at a time, kept up to a bound while nobody reads; past it the oldest are dropped.</summary>
internal sealed class Mailbox<T>(Hub hub, object owner, int maxCost, Func<T, int> cost) : Readable(hub)
{
    private readonly System.Collections.Generic.Queue<T> _items = new();
    private Exception? _end;
    private long _dropped;
    private int _cost;

    /// <summary>Items handed to readers.</summary>
    public long Delivered { get; private set; }

    public long Dropped => Volatile.Read(ref _dropped);

    public Awaitable<T> One() => new FirstItem(this);

    public IObservable<T> All() => new AllItems(this);

    public void Add(T item)
    {
        if (_end is not null)
        {
            return;
        }

        _items.Enqueue(item);
        _cost += cost(item);
        while (_cost > maxCost && _items.Count > 1)
        {
            _cost -= cost(_items.Dequeue());
            _dropped++;
        }

        Deliver();
    }

    public void CountDropped() => _dropped++;

    /// <summary>Streams of items complete, a single read fails with the reason.</summary>
    public void Close(Exception reason)
    {
        _end = reason;
        _items.Clear();
        Deliver();
    }

    public override string ToString() => owner.ToString()!;

    protected override bool Serve(IReader reader) =>
        TryGive(reader) || (_end is not null && End(reader, reader.IsStream ? null : _end));

    protected override Exception Broken(Exception thrown)
    {
        Hub.Report(thrown, ToString());
        return new InvalidOperationException(
            $"The reader of {this} was detached, because its observer threw {thrown.GetType().Name}. Subscribe again to read on.", thrown);
    }

    private bool TryTake(out T item)
    {
        if (!_items.TryDequeue(out item!))
        {
            return false;
        }

        _cost -= cost(item);
        Delivered++;
        return true;
    }

    private sealed class ItemReader(Mailbox<T> mailbox, IObserver<T> observer, bool isStream) : Reader<T>(observer)
    {
        public override Readable Source => mailbox;

        public override bool IsStream => isStream;

        protected override bool TryTake(out T item) => mailbox.TryTake(out item);
    }

    private sealed class FirstItem(Mailbox<T> mailbox) : Awaitable<T>
    {
        public override IDisposable Subscribe(IObserver<T> observer) => new ItemReader(mailbox, observer, isStream: false).Attach();

        public override string ToString() => $"reading {mailbox}";
    }

    private sealed class AllItems(Mailbox<T> mailbox) : IObservable<T>
    {
        public IDisposable Subscribe(IObserver<T> observer) => new ItemReader(mailbox, observer, isStream: true).Attach();
    }
}
