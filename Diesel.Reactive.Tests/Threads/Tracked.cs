using System.Collections.Concurrent;

namespace Diesel.Reactive.Tests;

/// <summary>Every wait that was begun, until it comes out or is left.</summary>
internal sealed class Tracked
{
    private readonly ConcurrentDictionary<long, string> _open = [];
    private long _last;

    /// <summary>Those that have not come out yet, by name.</summary>
    public IEnumerable<string> Open => _open.Values.Order();

    public long Begun => Interlocked.Read(ref _last);

    /// <summary>Subscribes, and notes it until the end; a call that is refused has come out.</summary>
    public IDisposable Begin<T>(string name, Func<IObservable<T>> source, Action<T>? got = null)
    {
        var number = Interlocked.Increment(ref _last);
        _open[number] = name;
        void Over() => _open.TryRemove(number, out _);
        try
        {
            var subscription = source().Subscribe(got ?? (static _ => { }), _ => Over(), Over);
            return System.Reactive.Disposables.Disposable.Create(() =>
            {
                subscription.Dispose();
                Over();
            });
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            Over();
            return System.Reactive.Disposables.Disposable.Empty;
        }
    }
}
