using System.Reactive;
using System.Reactive.Subjects;

namespace Diesel.Reactive;

/// <summary>Whether a connection's output has room: for those who watch it, and those who wait for it. Made for the first of them.</summary>
internal sealed class OutputRoom(Outbound output) : Awaitable<Unit>
{
    private readonly LinkedList<Wait> _waiting = new();
    private BehaviorSubject<bool>? _writable;

    /// <summary>The present state, then each change.</summary>
    public IObservable<bool> Writable => _writable ?? LazyInitializer.EnsureInitialized(ref _writable, NewWritable);

    internal override Hub Home => output.Hub;

    private Exception? Refusal => output.Refusal;

    private bool HasRoom => !output.IsAboveMark && !output.IsCompleted;

    public override IDisposable Subscribe(IObserver<Unit> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var wait = new Wait(this, observer);
        if (!Home.Invoke(static w => ((Wait)w!).Begin(), wait))
        {
            wait.HubEnded(Home.Ended());
        }

        return wait;
    }

    public override string ToString() => $"room in the output of {output}";

    protected internal override bool TryTake(out Unit value)
    {
        value = default;
        return Home.IsCurrent && HasRoom;
    }

    /// <summary>It has changed. Who waits is told in turn, as long as there is room.</summary>
    public void Tell(bool isWritable)
    {
        output.Tell(() => _writable?.OnNext(isWritable));
        while (HasRoom && Next() is { } wait)
        {
            output.Tell(wait.Come);
        }
    }

    /// <summary>There will be no room for those who wait.</summary>
    public void Refuse(Exception error)
    {
        for (var count = _waiting.Count; count > 0 && Next() is { } wait; count--)
        {
            output.Tell(() => wait.Fail(error));
        }
    }

    /// <summary>The connection is over.</summary>
    public void Close(Exception error)
    {
        Refuse(error);
        output.Tell(() => _writable?.OnCompleted());
    }

    private BehaviorSubject<bool> NewWritable()
    {
        var writable = new BehaviorSubject<bool>(!output.IsAboveMark);
        if (output.Failure is not null)
        {
            writable.OnCompleted();
        }

        return writable;
    }

    private Wait? Next()
    {
        var first = _waiting.First;
        if (first is not null)
        {
            _waiting.Remove(first);
        }

        return first?.Value;
    }

    private sealed class Wait(OutputRoom room, IObserver<Unit> observer) : IHubWait, IDisposable
    {
        private LinkedListNode<Wait>? _place;
        private int _over;

        public void Begin()
        {
            if (room.HasRoom)
            {
                Come();
            }
            else if (room.Refusal is { } error)
            {
                Fail(error);
            }
            else if (_over == 0)
            {
                _place = room._waiting.AddLast(this);
            }
        }

        public void HubEnded(ObjectDisposedException error) => Fail(error);

        public void Come()
        {
            if (End())
            {
                observer.OnNext(Unit.Default);
                observer.OnCompleted();
            }
        }

        public void Fail(Exception error)
        {
            if (End())
            {
                observer.OnError(error);
            }
        }

        public void Dispose()
        {
            if (End())
            {
                room.Home.Invoke(static w => ((Wait)w!).Leave(), this);
            }
        }

        private bool End() => Interlocked.Exchange(ref _over, 1) == 0;

        private void Leave()
        {
            if (_place?.List is { } waiting)
            {
                waiting.Remove(_place);
            }
        }
    }
}
