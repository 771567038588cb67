using System.Reactive;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Testing;

/// <summary>A stream that follows a diagram. A hot one runs on the test's clock, a cold one begins anew with each
/// subscription.</summary>
/// <typeparam name="T">The values.</typeparam>
public sealed class MarbleSource<T> : IObservable<T>, IMarbleSource
{
    private readonly MarbleRun _run;
    private readonly MarbleDiagram _diagram;
    private readonly Recording<T> _notifications;
    private readonly List<MarbleSubscription> _subscriptions = [];
    private readonly List<Listener> _listeners = [];
    private string _name;
    private bool _isNamed;
    private Notification<T>? _end;

    internal MarbleSource(MarbleRun run, MarbleDiagram diagram, Recording<T> notifications, bool isHot)
    {
        (_run, _diagram, _notifications, IsHot) = (run, diagram, notifications, isHot);
        _name = run.NameSource(isHot ? "hot" : "cold");
        run.Sources.Add(this);
        if (isHot)
        {
            run.MustBeToCome(diagram);
            foreach (var told in notifications)
            {
                run.Scheduler.ScheduleAt(told.Time, MarbleLane.Hot, () => Tell(told.Notification));
            }
        }
    }

    /// <summary>Whether it runs although nobody listens.</summary>
    public bool IsHot { get; }

    /// <summary>Who listened when, in the order of subscribing.</summary>
    public IReadOnlyList<MarbleSubscription> Subscriptions => _subscriptions;

    // No diagram of a subscription can write what is before its instant zero.
    private TimeSpan Now => _run.Scheduler.Elapsed < TimeSpan.Zero ? TimeSpan.Zero : _run.Scheduler.Elapsed;

    bool IMarbleSource.IsUsed => IsHot || _subscriptions.Count > 0;

    MarbleRow IMarbleSource.Row => new(_name, _diagram);

    Recording<TDeclared> IMarbleSource.AsInner<TDeclared>() => new([.. _notifications.Select(told =>
        new RecordedNotification<TDeclared>(told.Time, InnerStream<TDeclared>.Declare(told.Notification)))]);

    /// <summary>Says what to call it where a failure shows its diagram; else it is <c>hot</c> or <c>cold</c>, with a
    /// number.</summary>
    /// <param name="name">As the test's author calls it.</param>
    /// <returns>This source.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public MarbleSource<T> Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        (_name, _isNamed) = (name, true);
        return this;
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (_run.Scheduler.IsLeak($"{_name} was subscribed"))
        {
            return Disposable.Empty;
        }

        var listener = new Listener(this, observer, _subscriptions.Count);
        _subscriptions.Add(new(Now, null));
        if (_end is not null)
        {
            // Who subscribes to it again and again must come to an end, too.
            _run.Scheduler.CountAction();
            listener.Tell(_end);
        }
        else if (IsHot)
        {
            _listeners.Add(listener);
        }
        else
        {
            listener.Begin();
        }

        return listener;
    }

    /// <summary>The text it was read from.</summary>
    public override string ToString() => _diagram.Source;

    internal void NameUnlessNamed(string name) => _name = _isNamed ? _name : name;

    private void Tell(Notification<T> notification)
    {
        // As a subject: who comes late is told how it ended.
        _end ??= notification.Kind == NotificationKind.OnNext ? null : notification;
        foreach (var listener in _listeners.ToArray())
        {
            listener.Tell(notification);
        }
    }

    private sealed class Listener(MarbleSource<T> source, IObserver<T> observer, int number) : IDisposable
    {
        private readonly List<IDisposable> _toCome = [];
        private bool _ended;

        public void Begin()
        {
            var start = source._run.Scheduler.Elapsed;
            foreach (var told in source._notifications)
            {
                _toCome.Add(source._run.Scheduler.ScheduleAt(start + told.Time, MarbleLane.Work, () => Tell(told.Notification)));
            }
        }

        public void Tell(Notification<T> notification)
        {
            if (_ended)
            {
                return;
            }

            if (notification.Kind != NotificationKind.OnNext)
            {
                Dispose();
            }

            notification.Accept(observer);
        }

        public void Dispose()
        {
            if (_ended || source._run.IsOver)
            {
                return;
            }

            _ended = true;
            source._listeners.Remove(this);
            source._subscriptions[number] = new(source._subscriptions[number].Subscribed, source.Now);
            _toCome.ForEach(static each => each.Dispose());
        }
    }
}
