using System.Reactive;

namespace Diesel.Reactive;

/// <summary>One way of a relay: reads a connection as fast as the other takes it.</summary>
internal sealed class RelayDirection(Connection from, Connection to) : IObserver<ReadOnlyMemory<byte>>, IDisposable
{
    private IDisposable? _input;
    private IDisposable? _room;
    private bool _holding;
    private bool _disposed;

    public Connection From => from;

    public Connection To => to;

    /// <summary>Bytes passed on.</summary>
    public long Count { get; private set; }

    /// <summary>More may come from the one.</summary>
    public bool IsReading { get; private set; }

    /// <summary>The end of the one is queued for the other, behind all bytes.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>All of that was handed over.</summary>
    public bool IsDelivered { get; private set; }

    /// <summary>Told when <see cref="HasEnded"/>, and when <see cref="IsDelivered"/>.</summary>
    public required Action<RelayDirection> Ended { get; init; }

    /// <summary>Told that one of the two has failed.</summary>
    public required Action<Connection, Exception> Broken { get; init; }

    public void Start()
    {
        _room = to.Life.Output.Room.Writable.Subscribe(HoldOrRelease, ReceiverIsOver);
        if (!_disposed)
        {
            IsReading = true;
            _input = from.Subscribe(this);
        }
    }

    public void OnNext(ReadOnlyMemory<byte> value)
    {
        Count += value.Length;
        to.Life.Send(new OutputItem(value));
    }

    public void OnCompleted()
    {
        (IsReading, HasEnded) = (false, true);
        var flushed = new AwaitableSource<Unit>();
        flushed.Subscribe(_ => Deliver(), error => Break(to, error));
        to.Life.Send(new OutputItem(default) { Receipt = flushed });
        to.Life.CompleteOutput();
        if (!_disposed)
        {
            Ended(this);
        }
    }

    public void OnError(Exception error)
    {
        IsReading = false;
        Break(from, error);
    }

    public void Dispose()
    {
        _disposed = true;
        _input?.Dispose();
        _room?.Dispose();
        HoldOrRelease(isWritable: true);
    }

    private void Deliver()
    {
        if (!_disposed)
        {
            IsDelivered = true;
            _room?.Dispose();
            Ended(this);
        }
    }

    private void ReceiverIsOver() => Break(to, to.Life.Output.Failure!);

    private void Break(Connection failed, Exception error)
    {
        if (!_disposed)
        {
            Broken(failed, error);
        }
    }

    private void HoldOrRelease(bool isWritable)
    {
        if (_holding == isWritable)
        {
            _holding = !isWritable;
            if (_holding)
            {
                from.Life.Input.Hold();
            }
            else
            {
                from.Life.Input.Release();
            }
        }
    }
}
