namespace Diesel.Reactive;

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
