namespace Diesel.Reactive;

/// <summary>Somebody who waits for something of a hub's, and must be told when the hub ends first. As the state of a timer or of a
/// posted item it is told without further ado.</summary>
internal interface IHubWait
{
    /// <summary>Nothing will come any more. Once, on the hub's thread or, for one who came too late, on its own.</summary>
    void HubEnded(ObjectDisposedException error);
}

/// <summary>Waits that hang on neither a timer nor a socket. The hub's thread only.</summary>
internal sealed class HubWaits
{
    private readonly Node _head = new Head();

    public HubWaits() => _head.Next = _head.Previous = _head;

    public void Add(Node wait)
    {
        (wait.Next, wait.Previous) = (_head, _head.Previous);
        _head.Previous!.Next = wait;
        _head.Previous = wait;
    }

    public static void Remove(Node wait)
    {
        if (wait.Next is not null)
        {
            wait.Previous!.Next = wait.Next;
            wait.Next.Previous = wait.Previous;
            wait.Next = wait.Previous = null;
        }
    }

    /// <summary>Takes each out and tells it; those who come meanwhile too.</summary>
    public void EndAll(Action<IHubWait> tell)
    {
        while (_head.Next is { } first && first != _head)
        {
            Remove(first);
            tell(first);
        }
    }

    /// <summary>A wait that can stand in the list; its own list node, so that leaving takes no search.</summary>
    internal abstract class Node : IHubWait
    {
        internal Node? Next { get; set; }

        internal Node? Previous { get; set; }

        /// <summary>Whether it has gone, on whatever thread: it needs no telling.</summary>
        public abstract bool IsOver { get; }

        public abstract void HubEnded(ObjectDisposedException error);
    }

    private sealed class Head : Node
    {
        public override bool IsOver => false;

        public override void HubEnded(ObjectDisposedException error)
        {
        }
    }
}
