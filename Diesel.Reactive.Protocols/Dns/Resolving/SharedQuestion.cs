namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A question to servers that is under way, for all who want to know. On the hub.</summary>
/// <param name="memory">Where the answer is remembered.</param>
/// <param name="key">What is asked.</param>
internal sealed class SharedQuestion(ResolverMemory memory, CacheKey key) : IObserver<DnsReply>
{
    private readonly LinkedList<IObserver<Outcome>> _observers = new();
    private IDisposable? _asking;
    private bool _isOver;

    public CacheKey Key => key;

    public void Begin()
    {
        var asking = memory.Client.Query(key.Name, key.Type).Subscribe(this);
        if (_isOver)
        {
            asking.Dispose();
        }
        else
        {
            _asking = asking;
        }
    }

    /// <summary>One more wants to know; whoever is not told has left.</summary>
    public IDisposable Join(IObserver<Outcome> observer) => new Place(this, _observers.AddLast(observer));

    public void OnNext(DnsReply value)
    {
        Outcome outcome;
        try
        {
            outcome = memory.Remember(key, value);
        }
        catch (DnsException error)
        {
            OnError(error);
            return;
        }

        foreach (var observer in End())
        {
            Tell(() => observer.OnNext(outcome));
        }
    }

    public void OnError(Exception error)
    {
        if (_isOver)
        {
            return;
        }

        memory.RememberFailure(key, error);
        foreach (var observer in End())
        {
            Tell(() => observer.OnError(error));
        }
    }

    public void OnCompleted()
    {
    }

    // Who throws when told keeps the others from nothing.
    private void Tell(Action telling)
    {
        try
        {
            telling();
        }
        catch (Exception error)
        {
            memory.Client.Hub.Report(error, $"who asked for {key.Type.Print()} of {key.Name}");
        }
    }

    private IEnumerable<IObserver<Outcome>> End()
    {
        _isOver = true;
        memory.Over(this);

        // Who leaves while others are told is not told.
        while (_observers.First is { } first)
        {
            _observers.RemoveFirst();
            yield return first.Value;
        }
    }

    private void Leave(LinkedListNode<IObserver<Outcome>> node)
    {
        if (node.List is null)
        {
            return;
        }

        _observers.Remove(node);
        if (_observers.Count == 0 && !_isOver)
        {
            // Nobody wants to know any more.
            _isOver = true;
            memory.Over(this);
            _asking?.Dispose();
        }
    }

    private sealed class Place(SharedQuestion question, LinkedListNode<IObserver<Outcome>> node) : IDisposable
    {
        public void Dispose() => question.Leave(node);
    }
}
