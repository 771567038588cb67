using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>What is in one part of a form, for one subscriber. What comes while nobody is there is thrown away.</summary>
internal sealed class MultipartBody : IObservable<ReadOnlyMemory<byte>>
{
    private IObserver<ReadOnlyMemory<byte>>? _observer;
    private bool _isOver;
    private bool _hasBegun;

    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (_observer is not null || _hasBegun || _isOver)
        {
            observer.OnError(new InvalidOperationException("The body of a part has one subscriber, who comes when the part is given out: it is not kept."));
            return Disposable.Empty;
        }

        _observer = observer;
        return Disposable.Create(this, static body => body._observer = null);
    }

    public void Give(ReadOnlyMemory<byte> bytes)
    {
        _hasBegun = true;
        _observer?.OnNext(bytes);
    }

    /// <summary>It is over; null: it is whole.</summary>
    public void End(Exception? error)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        var observer = _observer;
        _observer = null;
        if (error is null)
        {
            observer?.OnCompleted();
        }
        else
        {
            observer?.OnError(error);
        }
    }
}
