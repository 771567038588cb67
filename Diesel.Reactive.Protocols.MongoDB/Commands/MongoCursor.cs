using System.Collections.Immutable;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What a query finds: cold, each subscription asks anew.</summary>
/// <typeparam name="T">What a document becomes.</typeparam>
/// <remarks>The next batch is asked for when all of the last has been taken: whoever holds it (<c>ReadAllAsync</c>, <c>SelectAsync</c>, <c>ObserveOnBounded</c>)
/// holds the server. Who unsubscribes before the end has the server give up the rest. Errors: <see cref="MongoErrorException"/>, <see cref="TimeoutException"/>
/// (of each request by itself), <see cref="ConnectionException"/>, <see cref="ProtocolException"/>, what a serializer throws.</remarks>
public class MongoCursor<T> : IObservable<T>, IPausable
{
    private readonly MongoTarget _target;
    private readonly Func<ICursorSource> _source;
    private readonly Func<RawBson, T> _read;
    private ImmutableList<IPausable> _running = [];

    internal MongoCursor(MongoTarget target, Func<MongoRequest<CursorBatch>> first, Func<RawBson, T> read)
        : this(target, () => ServerCursor.Of(target, first), read)
    {
    }

    internal MongoCursor(MongoTarget target, Func<ICursorSource> source, Func<RawBson, T> read) => (_target, _source, _read) = (target, source, read);

    /// <inheritdoc/>
    public Hub Hub => _target.Hub;

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var run = new Run(this);
        var pages = Pages.Of<CursorBatch?, RawBson>(null, run.Next, Hub);
        ImmutableInterlocked.Update(ref _running, static (running, one) => running.Add(one), (IPausable)pages);
        run.Left = () => ImmutableInterlocked.Update(ref _running, static (running, one) => running.Remove(one), (IPausable)pages);
        run.Observe(pages, observer);
        return run;
    }

    /// <inheritdoc/>
    public IDisposable Pause() => new CompositeDisposable(_running.Select(static running => running.Pause()));

    /// <summary>The documents, for <c>await foreach</c>: whoever takes none has none asked for.</summary>
    /// <param name="cancellation">Leaves.</param>
    /// <returns>Each enumeration asks anew.</returns>
    public IAsyncEnumerable<T> ReadAllAsync(CancellationToken cancellation = default) => this.ReadAllAsync(1, Overflow.Fail, Hub, cancellation);

    /// <summary>All documents together.</summary>
    /// <returns>Cold: each <c>await</c> asks anew.</returns>
    public Awaitable<IReadOnlyList<T>> ToList() =>
        Observable.ToList(this).Select(static all => (IReadOnlyList<T>)[.. all]).ToAwaitable("a list of documents");

    /// <summary>One subscription.</summary>
    private sealed class Run(MongoCursor<T> cursor) : IObserver<RawBson>, IDisposable
    {
        private readonly ICursorSource _source = cursor._source();
        private IDisposable? _pages;
        private IObserver<T>? _observer;
        private CursorBatch? _last;
        private int _over;

        public Action Left { get; set; } = static () => { };

        public void Observe(IObservable<RawBson> pages, IObserver<T> observer)
        {
            _observer = observer;
            _pages = pages.Subscribe(this);
        }

        public IObservable<Page<CursorBatch?, RawBson>> Next(CursorBatch? last) =>
            (last is null ? _source.First() : _source.More(last)).Select(batch =>
            {
                _last = batch.WithoutDocuments();
                return new Page<CursorBatch?, RawBson>(batch.Documents, _last, batch.Id == 0);
            });

        public void OnNext(RawBson document)
        {
            T value;
            try
            {
                _source.Give(document);
                value = cursor._read(document);
            }
            catch (Exception error)
            {
                _pages?.Dispose();
                OnError(error);
                return;
            }

            _observer!.OnNext(value);
        }

        public void OnError(Exception error)
        {
            if (End())
            {
                _observer!.OnError(error);
            }
        }

        public void OnCompleted()
        {
            _last = null;
            if (End())
            {
                _observer!.OnCompleted();
            }
        }

        public void Dispose()
        {
            // What is being asked for is left first: a connection of the cursor's own is free then, or closed.
            if (Interlocked.Exchange(ref _over, 1) == 0)
            {
                _pages?.Dispose();
                Leave();
            }
        }

        private bool End()
        {
            if (Interlocked.Exchange(ref _over, 1) != 0)
            {
                return false;
            }

            Leave();
            return true;
        }

        private void Leave()
        {
            Left();
            if (cursor.Hub.IsCurrent)
            {
                _source.End(_last);
            }
            else
            {
                cursor.Hub.Post(static run => ((Run)run!)._source.End(((Run)run)._last), this);
            }
        }
    }
}
