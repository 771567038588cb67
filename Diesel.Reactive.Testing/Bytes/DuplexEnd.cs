using System.Net;
using System.Net.Sockets;
using System.Reactive;
using System.Reactive.Subjects;

namespace Diesel.Reactive.Testing;

/// <summary>The end of a scripted connection that the code under test has: what has arrived there, what was sent, and whether
/// the peer takes more.</summary>
internal sealed class DuplexEnd(MarbleRun run, MarbleDiagram rx, MarbleDiagram window)
{
    private readonly Queue<ReadOnlyMemory<byte>> _unread = new();
    private readonly List<RecordedNotification<ReadOnlyMemory<byte>>> _sent = [];
    private readonly Subject<ReadOnlyMemory<byte>> _rx = new();
    private readonly Subject<ReadOnlyMemory<byte>> _tx = new();
    private int _taken;
    private bool _finSent;
    private bool _isNotified;

    /// <summary>Something arrived, or the window moved: told in the instant's own work, outside async code's context.</summary>
    public event Action? Changed;

    public EndPoint LocalEndPoint { get; private set; } = null!;

    public EndPoint RemoteEndPoint { get; private set; } = null!;

    /// <summary>The instant zero of the rows; null: nobody connected.</summary>
    public TimeSpan? Begun { get; private set; }

    public bool HasUnread => _unread.Count > 0;

    public bool HasFin { get; private set; }

    public bool IsReset { get; private set; }

    /// <summary>Whether it was disposed or reset from this side.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Whether the peer takes bytes.</summary>
    public bool IsOpen { get; private set; } = window.Events.LastOrDefault(happening => happening.Time == TimeSpan.Zero) is { } first
        ? first.Kind == MarbleKind.Subscribed : window.Events is not [{ Kind: MarbleKind.Subscribed }, ..];

    public IObservable<ReadOnlyMemory<byte>> Rx => _rx;

    public IObservable<ReadOnlyMemory<byte>> Tx => _tx;

    public Recording<ReadOnlyMemory<byte>> Sent => new(_sent);

    public TimeSpan Now => run.Scheduler.HasRun ? run.Scheduler.Elapsed : TimeSpan.Zero;

    public ConnectionException Lost => ConnectionException.Lost(LocalEndPoint, RemoteEndPoint, SocketError.ConnectionReset);

    /// <summary>Somebody connects; what has happened since the rows began happens at once.</summary>
    public void Begin(EndPoint local, EndPoint remote, TimeSpan zero)
    {
        (LocalEndPoint, RemoteEndPoint, Begun) = (local, remote, zero);
        Schedule(rx, Arrive);
        Schedule(window, happening =>
        {
            IsOpen = happening.Kind == MarbleKind.Subscribed;
            Notify();
        });
    }

    /// <summary>Of the first chunk as much as fits.</summary>
    public ReadOnlyMemory<byte> Take(int most = int.MaxValue)
    {
        var rest = _unread.Peek()[_taken..];
        if (rest.Length > most)
        {
            _taken += most;
            return rest[..most];
        }

        _unread.Dequeue();
        _taken = 0;
        return rest;
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            ReadOnlyMemory<byte> copy = bytes.ToArray();
            Write(Notification.CreateOnNext(copy));
        }
    }

    public void SendFin()
    {
        if (!_finSent)
        {
            _finSent = true;
            Write(Notification.CreateOnCompleted<ReadOnlyMemory<byte>>());
        }
    }

    /// <summary>Lets go of it; after a FIN the peer notices nothing more.</summary>
    public void Close()
    {
        if (!_finSent)
        {
            Write(Notification.CreateOnError<ReadOnlyMemory<byte>>(new MarbleDisposal()));
        }

        IsGone = true;
    }

    public void Reset()
    {
        Write(Notification.CreateOnError<ReadOnlyMemory<byte>>(DuplexScript.ResetByUs));
        IsGone = true;
    }

    private void Schedule(MarbleDiagram diagram, Action<MarbleEvent> act)
    {
        foreach (var happening in diagram.Events)
        {
            run.Scheduler.ScheduleAt(Begun!.Value + happening.Time, MarbleLane.Hot, () =>
            {
                if (!IsGone)
                {
                    act(happening);
                }
            });
        }
    }

    private void Arrive(MarbleEvent happening)
    {
        Notify();
        switch (happening.Kind)
        {
            case MarbleKind.Value:
                _unread.Enqueue(happening.Spelling!.Bytes);
                _rx.OnNext(happening.Spelling.Bytes);
                break;
            case MarbleKind.Completed:
                HasFin = true;
                _rx.OnCompleted();
                break;
            default:
                IsReset = true;
                _rx.OnError(Lost);
                break;
        }
    }

    private void Notify()
    {
        if (!_isNotified)
        {
            _isNotified = true;
            run.Scheduler.ScheduleAt(Now, MarbleLane.Work, () =>
            {
                _isNotified = false;
                Pump.RunOutside(static end => ((DuplexEnd)end!).Changed?.Invoke(), this);
            });
        }
    }

    private void Write(Notification<ReadOnlyMemory<byte>> told)
    {
        if (!run.IsOver && !IsGone && !IsReset && !run.Scheduler.IsLeak("bytes were sent"))
        {
            _sent.Add(new(Now - Begun!.Value, told));
            told.Accept(_tx);
        }
    }
}
