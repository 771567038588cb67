using System.Diagnostics.CodeAnalysis;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>Values of one type by their keys, whose siblings are resolved.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <remarks>
/// <para>It remembers the vclock of each key that went through it, and gives it with the next put: what was seen is overwritten, and what others have stored meanwhile becomes a sibling, which the
/// resolver decides. What it decides is stored, unless others store without end meanwhile: then it is decided again the next time. Of a key there is one decision at a time, for all callers: the resolver runs once for each conflict.</para>
/// <para>Two callers who read a key, change it and put it share what is remembered: the second overwrites the first. Let one of them do that, or give each a bucket of its own.</para>
/// <para>Members may be called from any thread; the resolver and the codec run on the client's hub. Errors: as of <see cref="RiakClient"/>, and what resolver and codec throw. Source:
/// diesel's <c>Bucket</c>.</para>
/// </remarks>
public sealed class Bucket<T>
{
    private readonly RiakBucket _bucket;
    private readonly RiakClient _riak;
    private readonly BucketOptions _options;
    private readonly Conflicts<T> _conflicts;

    /// <summary>Makes a bucket of values that are stored as JSON.</summary>
    /// <param name="bucket">Where.</param>
    /// <param name="client">The cluster.</param>
    /// <param name="resolver">Decides between siblings; of <see cref="Resolve"/>.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    [RequiresUnreferencedCode("Values are written by reflection. Hand over a codec.")]
    [RequiresDynamicCode("Values are written by reflection. Hand over a codec.")]
    public Bucket(RiakBucket bucket, RiakClient client, Resolver<T> resolver)
        : this(bucket, client, resolver, ValueCodec.Json<T>())
    {
    }

    /// <summary>Makes a bucket.</summary>
    /// <param name="bucket">Where.</param>
    /// <param name="client">The cluster.</param>
    /// <param name="resolver">Decides between siblings; of <see cref="Resolve"/>.</param>
    /// <param name="codec">How values are stored; of <see cref="ValueCodec"/>.</param>
    /// <param name="options">Bounds; null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="client"/>, <paramref name="resolver"/> or <paramref name="codec"/> is null.</exception>
    public Bucket(RiakBucket bucket, RiakClient client, Resolver<T> resolver, IValueCodec<T> codec, BucketOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(resolver);
        ArgumentNullException.ThrowIfNull(codec);
        (_bucket, _riak, _options) = (bucket, client, options ?? new());
        _conflicts = new(bucket, client, resolver, codec, _options);
    }

    /// <summary>Reads a value.</summary>
    /// <param name="key">Which.</param>
    /// <returns>The value, and the one for all where there were siblings; the default if nothing is there, or it was deleted.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public Awaitable<T?> Get(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Do($"Get of {_bucket}/{key}", () => _conflicts.Read(key));
    }

    /// <summary>Stores a value.</summary>
    /// <param name="key">Under which key.</param>
    /// <param name="value">What.</param>
    /// <param name="safe">Whether what is there afterwards is looked at, and siblings resolved. Default true.</param>
    /// <returns>What is stored afterwards: this value, or what it was resolved to with others.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public Awaitable<T?> Put(string key, T value, bool safe = true)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Do($"Put of {_bucket}/{key}", async () =>
        {
            var known = await _conflicts.Settled(key);
            var stored = await _riak.Put(_bucket, key, _conflicts.ContentOf(value), known.VClock, safe, _options.Writing);
            if (!safe)
            {
                return value;
            }

            known.VClock = stored.VClock ?? known.VClock;
            return stored.HasSiblings ? await _conflicts.Decide(key, stored) : value;
        });
    }

    /// <summary>Deletes a value; what is not there is deleted, too.</summary>
    /// <param name="key">Which.</param>
    /// <returns>When it is done.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public Awaitable<Unit> Delete(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Do($"Delete of {_bucket}/{key}", async () =>
        {
            var known = await _conflicts.Settled(key);
            await _riak.Delete(_bucket, key, known.VClock);
            known.VClock = null;
            return Unit.Default;
        });
    }

    /// <summary>The keys there are.</summary>
    /// <returns>Cold, in no order; see <see cref="ListingCommands.ListKeys"/>.</returns>
    public IObservable<string> Keys() => new KeyTexts(_riak.ListKeys(_bucket));

    /// <summary>Reads many values.</summary>
    /// <param name="keys">Which; taken as there is room.</param>
    /// <param name="concurrency">How many are under way at a time. Default 100.</param>
    /// <param name="fails">Whether the first error ends it. Default false: it is the entry of its key, and the others go on.</param>
    /// <returns>Cold: an entry for each key, as they come. Without an error there is none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="keys"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="concurrency"/> is zero or less.</exception>
    public IObservable<BucketEntry<T>> GetMany(IEnumerable<string> keys, int concurrency = 100, bool fails = false)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(concurrency);
        return Observable.Create<BucketEntry<T>>(observer => _riak.Hub.Fork(() => ReadMany(keys, concurrency, fails, observer), $"GetMany of {_bucket}"));
    }

    private async Task ReadMany(IEnumerable<string> keys, int concurrency, bool fails, IObserver<BucketEntry<T>> observer)
    {
        var failure = default(Exception);
        try
        {
            using var left = keys.GetEnumerator();
            await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Work(left)));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            failure = error;
        }

        if (failure is null)
        {
            observer.OnCompleted();
        }
        else
        {
            observer.OnError(failure);
        }

        async Task Work(IEnumerator<string> left)
        {
            while (failure is null && left.MoveNext())
            {
                var key = left.Current;
                BucketEntry<T> entry;
                try
                {
                    entry = new(key, await _conflicts.Read(key));
                }
                catch (Exception error) when (!fails && error is not OperationCanceledException)
                {
                    entry = new(key, default, error);
                }
                catch (Exception error)
                {
                    failure ??= error;
                    throw;
                }

                if (failure is null)
                {
                    observer.OnNext(entry);
                }
            }
        }
    }

    private Awaitable<TResult> Do<TResult>(string what, Func<Task<TResult>> work) => Observable.Create<TResult>(observer => _riak.Hub.Fork(
        async () =>
        {
            TResult value;
            try
            {
                value = await work();
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                observer.OnError(error);
                return;
            }

            observer.OnNext(value);
            observer.OnCompleted();
        },
        what)).ToAwaitable(what);

    private sealed class KeyTexts(IObservable<Bytes> keys) : IObservable<string>, IPausable
    {
        private readonly IPausable _held = (IPausable)keys;

        public Hub Hub => _held.Hub;

        public IDisposable Subscribe(IObserver<string> observer) => keys.Select(static key => key.ToText()).Subscribe(observer);

        public IDisposable Pause() => _held.Pause();
    }
}
