using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Conversations that share one link (a connection, a datagram socket): one at a time, first come, first served.</summary>
/// <param name="hub">Where they run.</param>
/// <param name="owner">Whose they are, as errors show it.</param>
/// <param name="maxQueued">How many may wait.</param>
/// <param name="dial">Gives a link.</param>
/// <param name="isFit">Whether a conversation may begin on it.</param>
/// <param name="watch">Looks after it between two.</param>
/// <param name="letGo">Is told that a link is no good any more, before it is closed.</param>
internal sealed class Conversations<TLink>(
    Hub hub, object owner, int maxQueued, IObservable<TLink> dial, Func<TLink, bool> isFit, Func<TLink, IDisposable?> watch, Action<TLink>? letGo = null)
    : IHubResource, IDisposable
    where TLink : class, IDisposable
{
    private readonly LinkedList<Turn> _waiting = [];
    private Turn? _running;
    private TLink? _link;
    private IDisposable? _watch;
    private TLink? _retired;
    private bool _opened;
    private bool _disposed;

    /// <summary>Whether a conversation is under way.</summary>
    public bool IsBusy => _running is not null;

    /// <summary>A link is there before a call has asked for it.</summary>
    public void Adopt(TLink link)
    {
        if (_link is null && _running is null && !_disposed)
        {
            _link = link;
            Next();
        }
    }

    /// <summary>Closes a link when the conversation on it has come to its end; null: that which there is.</summary>
    public void Retire(TLink? link = null)
    {
        link ??= _link;
        if (_link == link && _running is not null)
        {
            _retired = link;
            return;
        }

        if (_link == link)
        {
            Unwatch();
            _link = null;
        }

        link?.Dispose();
    }

    public IObservable<T> Call<T>(Func<TLink, IObservable<T>> conversation) => Observable.Create<T>(observer =>
    {
        var turn = new Turn<T>(this, conversation, observer);
        if (!hub.Invoke(static t => ((Turn)t!).Enter(), turn))
        {
            turn.HubEnded(hub.Ended());
        }

        return turn;
    });

    public void Dispose() => hub.Invoke(static c => ((Conversations<TLink>)c!).Close(), this);

    public void Abort() => Close();

    // Ends with the hub from its first call on.
    private void Open()
    {
        if (!_opened)
        {
            _opened = true;
            hub.Register(this);
        }
    }

    private void Close()
    {
        _disposed = true;
        hub.Unregister(this);
        foreach (var turn in _waiting.ToArray())
        {
            Refuse(turn);
        }

        if (_running is { } running)
        {
            Refuse(running);
        }

        Unwatch();
        LetGo(static link => link.Dispose());
    }

    private void Unwatch()
    {
        _watch?.Dispose();
        _watch = null;
    }

    // Whoever made it is told first: it gives the same one to nobody else.
    private void LetGo(Action<TLink> close)
    {
        if (_link is not { } link)
        {
            return;
        }

        (_link, _retired) = (null, null);
        letGo?.Invoke(link);
        close(link);
    }

    // A caller without a place for errors throws what it is told; the others are told all the same.
    private void Refuse(Turn turn) => UserCode.Run(hub, owner, () => turn.Fail(Disposed()));

    private ObjectDisposedException Disposed() => new(owner.ToString(), $"The {owner} was disposed.");

    private void Next()
    {
        if (_running is not null || _waiting.First is not { } first)
        {
            _watch ??= _running is null && _link is not null ? watch(_link) : null;
            return;
        }

        _waiting.RemoveFirst();
        _running = first.Value;
        Unwatch();
        if (_link is not null && isFit(_link))
        {
            _running.Begin(_link);
        }
        else
        {
            Dial(_running);
        }
    }

    private void Dial(Turn turn)
    {
        LetGo(static link => link.Dispose());

        // A dial that is done at once must not take the place of the conversation.
        var dialling = new SingleAssignmentDisposable();
        turn.Holds(dialling);
        dialling.Disposable = dial.Subscribe(
            link =>
            {
                _link = link;
                turn.Begin(link);
            },
            turn.Fail);
    }

    // A conversation that did not come to its own end left the link in the middle of something.
    private void Ended(Turn turn, bool wellEnded)
    {
        if (turn.Place?.List is not null)
        {
            _waiting.Remove(turn.Place);
        }

        if (_running != turn)
        {
            return;
        }

        _running = null;
        if (!wellEnded)
        {
            LetGo(Discard);
        }
        else if (_retired is not null)
        {
            LetGo(static link => link.Dispose());
        }

        // In a turn of its own, so that many short calls do not nest.
        hub.Post(static c => ((Conversations<TLink>)c!).Next(), this);
    }

    private static void Discard(TLink link)
    {
        if (link is Connection connection)
        {
            connection.Abort();
        }
        else
        {
            link.Dispose();
        }
    }

    private abstract class Turn : IHubWait, IDisposable
    {
        public void HubEnded(ObjectDisposedException error) => Fail(error);

        /// <summary>Where it waits.</summary>
        public LinkedListNode<Turn>? Place { get; protected set; }

        public abstract void Enter();

        public abstract void Begin(TLink link);

        public abstract void Holds(IDisposable step);

        public abstract void Fail(Exception error);

        public abstract void Dispose();
    }

    private sealed class Turn<T>(Conversations<TLink> conversations, Func<TLink, IObservable<T>> conversation, IObserver<T> observer) : Turn
    {
        private readonly SerialDisposable _step = new();
        private bool _over;

        public override void Enter()
        {
            if (_over)
            {
                return;
            }

            if (conversations._disposed)
            {
                Fail(conversations.Disposed());
            }
            else if (conversations._waiting.Count >= conversations.MaxQueued)
            {
                Fail(new InvalidOperationException(
                    $"{conversations._waiting.Count} calls already wait for {conversations.Owner}: it answers too slowly, or calls come too fast. " +
                    $"Raise {nameof(ClientOptions.MaxQueuedCalls)}, or use more clients."));
            }
            else
            {
                conversations.Open();
                Place = conversations._waiting.AddLast(this);
                conversations.Next();
            }
        }

        public override void Begin(TLink link) => Holds(conversation(link).Subscribe(
            value =>
            {
                if (!_over)
                {
                    observer.OnNext(value);
                }
            },
            Fail,
            Complete));

        public override void Holds(IDisposable step) => _step.Disposable = step;

        public override void Fail(Exception error)
        {
            if (End(wellEnded: false))
            {
                observer.OnError(error);
            }
        }

        public override void Dispose() => conversations.Hub.Invoke(() => End(wellEnded: false));

        private void Complete()
        {
            if (End(wellEnded: true))
            {
                observer.OnCompleted();
            }
        }

        private bool End(bool wellEnded)
        {
            if (_over)
            {
                return false;
            }

            _over = true;
            _step.Dispose();
            conversations.Ended(this, wellEnded);
            return true;
        }
    }

    private int MaxQueued => maxQueued;

    private object Owner => owner;

    private Hub Hub => hub;
}
