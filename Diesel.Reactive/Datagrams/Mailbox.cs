namespace Diesel.Reactive;

/// <summary>Items for one reader at a time, kept up to a bound it may share with other mailboxes while nobody reads.</summary>
internal sealed class Mailbox<T> : Readable, IMail
{
    private readonly Queue<T> _items = new();
    private readonly object _owner;
    private readonly MailBound _bound;
    private readonly Func<T, int> _cost;
    private readonly LinkedListNode<IMail> _place;
    private Exception? _end;

    public Mailbox(Hub hub, object owner, MailBound bound, Func<T, int> cost)
        : base(hub)
    {
        (_owner, _bound, _cost) = (owner, bound, cost);
        _place = new LinkedListNode<IMail>(this);
    }

    /// <summary>Items handed to readers.</summary>
    public long Delivered { get; private set; }

    public int Count => _items.Count;

    public Awaitable<T> One() => new FirstItem(this);

    public IObservable<T> All() => new AllItems(this);

    public void Add(T item)
    {
        if (_end is not null)
        {
            return;
        }

        _items.Enqueue(item);
        _bound.Added(_place, _cost(item));
        Deliver();
        _bound.Enforce(this);
    }

    public void DropOldest() => Dequeue();

    /// <summary>Streams of items complete, a single read fails with the reason.</summary>
    public void Close(Exception reason)
    {
        _end = reason;
        DropAll();
        Deliver();
    }

    /// <summary>Drops and counts what nobody has read.</summary>
    public void DropAll()
    {
        _bound.CountDropped(_items.Count);
        while (_items.Count > 0)
        {
            Dequeue();
        }
    }

    public override string ToString() => _owner.ToString()!;

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
        if (_items.Count == 0)
        {
            item = default!;
            return false;
        }

        item = Dequeue();
        Delivered++;
        return true;
    }

    private T Dequeue()
    {
        var item = _items.Dequeue();
        _bound.Removed(_place, _cost(item));
        return item;
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
