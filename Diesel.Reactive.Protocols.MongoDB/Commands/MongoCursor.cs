using System.Collections.Immutable;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What a query finds: cold, each subscription asks anew.</summary>
/// <typeparam name="T">What a document becomes.</typeparam>
/// <remarks>The next batch is asked for when all of the last has been taken: whoever holds it (<c>ReadAllAsync</c>, <c>SelectAsync</c>, <c>ObserveOnBounded</c>)
/// holds the server. Who unsubscribes before the end has the server give up the rest. Errors: <see cref="MongoErrorException"/>, <see cref="TimeoutException"/>
/// (of each request by itself), <see cref="ConnectionException"/>, <see cref="ProtocolException"/>, what a serializer throws.</remarks>
public class MongoCursor<T> : IObservable<T>, IPausable
{
    private readonly MongoTarget _target;
    private readonly Func<MongoRequest<CursorBatch>> _first;
    private readonly Func<RawBson, T> _read;
    private ImmutableList<IPausable> _running = [];

    internal MongoCursor(MongoTarget target, Func<MongoRequest<CursorBatch>> first, Func<RawBson, T> read) => (_target, _first, _read) = (target, first, read);

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

    private MongoRequest<CursorBatch> More(CursorBatch last)
    {
        var more = BsonOutput.Rent().Add("getMore", last.Id).Add("collection", last.Collection);
        if (_target.Options.BatchSize is { } size)
        {
            more.Add("batchSize", size);
        }

        return new()
        {
            Name = "getMore", Database = _target.Database, Collection = last.Collection, Elements = more.Take(), Read = CursorBatch.Of,
            Timeout = _target.Options.Timeout, TellsTime = false, ReadPreference = _target.Options.ReadPreference,
        };
    }

    private void Kill(CursorBatch rest)
    {
        var kill = BsonOutput.Rent().Add("killCursors", rest.Collection).Add("cursors", new BsonArray { rest.Id });
        var request = new MongoRequest<bool>
        {
            Name = "killCursors", Database = _target.Database, Collection = rest.Collection, Elements = kill.Take(), Read = static _ => true, Timeout = _target.Options.Timeout,
        };

        // Best effort: the server forgets it by itself.
        _target.Ask(request).Subscribe(static _ => { }, static _ => { });
    }

    /// <summary>One subscription.</summary>
    private sealed class Run(MongoCursor<T> cursor) : IObserver<RawBson>, IDisposable
    {
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
            cursor._target.Ask(last is null ? cursor._first() : cursor.More(last)).Select(batch =>
            {
                _last = batch;
                return new Page<CursorBatch?, RawBson>(batch.Documents, batch, batch.Id == 0);
            });

        public void OnNext(RawBson document)
        {
            T value;
            try
            {
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
            if (End())
            {
                _pages?.Dispose();
            }
        }

        private bool End()
        {
            if (Interlocked.Exchange(ref _over, 1) != 0)
            {
                return false;
            }

            Left();
            if (_last is { Id: not 0 } rest)
            {
                cursor.Kill(rest);
            }

            return true;
        }
    }
}
