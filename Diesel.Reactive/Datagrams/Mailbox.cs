namespace Diesel.Reactive;

/// <summary>Items for one reader at a time, kept up to a bound while nobody reads; past it the oldest are dropped.</summary>
internal sealed class Mailbox<T>(Hub hub, object owner, int maxCost, Func<T, int> cost)
{
    private readonly System.Collections.Generic.Queue<T> _items = new();
    private Reader? _reader;
    private Exception? _end;
    private long _dropped;
    private int _cost;
    private bool _delivering;

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

    private void Deliver()
    {
        if (_delivering)
        {
            return;
        }

        _delivering = true;
        try
        {
            while (_reader is { } reader && Step(reader))
            {
            }
        }
        finally
        {
            _delivering = false;
        }
    }

    private bool Step(Reader reader)
    {
        try
        {
            if (reader.HasLeft)
            {
                Detach(reader);
                return true;
            }

            if (_items.TryDequeue(out var item))
            {
                _cost -= cost(item);
                Delivered++;
                reader.OnItem(item);
                return true;
            }

            if (_end is not null)
            {
                Detach(reader);
                reader.OnEnd(_end);
                return true;
            }

            return false;
        }
        catch (Exception error)
        {
            Detach(reader);
            hub.Report(error, Label.Of(owner));
            return true;
        }
    }

    private void Attach(Reader reader)
    {
        if (reader.HasLeft)
        {
            return;
        }

        if (_reader is not null)
        {
            reader.Observer.OnError(new InvalidOperationException(
                $"{owner} already has a reader. It has one at a time: end the first, or share it between observers with Publish()."));
            return;
        }

        _reader = reader;
        Deliver();
    }

    private void Detach(Reader reader)
    {
        if (_reader == reader)
        {
            _reader = null;
        }
    }

    private sealed class Reader(Mailbox<T> mailbox, IObserver<T> observer, bool once) : IDisposable
    {
        private volatile bool _left;

        public IObserver<T> Observer => observer;

        /// <summary>It unsubscribed, on whatever thread: it takes nothing more, also before the hub has detached it.</summary>
        public bool HasLeft => _left;

        public Reader Attach()
        {
            mailbox.OnHub(() => mailbox.Attach(this));
            return this;
        }

        public void OnItem(T item)
        {
            if (once)
            {
                mailbox.Detach(this);
            }

            observer.OnNext(item);
            if (once)
            {
                observer.OnCompleted();
            }
        }

        public void OnEnd(Exception reason)
        {
            if (once)
            {
                observer.OnError(reason);
            }
            else
            {
                observer.OnCompleted();
            }
        }

        public void Dispose()
        {
            _left = true;
            mailbox.OnHub(() => mailbox.Detach(this));
        }
    }

    private void OnHub(Action action)
    {
        if (hub.IsCurrent)
        {
            action();
        }
        else
        {
            hub.Post(_ => action());
        }
    }

    private sealed class FirstItem(Mailbox<T> mailbox) : Awaitable<T>
    {
        public override IDisposable Subscribe(IObserver<T> observer) => new Reader(mailbox, observer, once: true).Attach();

        public override string ToString() => $"reading {mailbox.Owner}";
    }

    private sealed class AllItems(Mailbox<T> mailbox) : IObservable<T>
    {
        public IDisposable Subscribe(IObserver<T> observer) => new Reader(mailbox, observer, once: false).Attach();
    }

    private object Owner => owner;
}
