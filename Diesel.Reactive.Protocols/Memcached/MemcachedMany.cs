using System.Collections.Immutable;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>The values of several keys: batches for each of their servers, all at once.</summary>
internal sealed class MemcachedMany(MemcachedServers servers, MemcachedValues values, MemcachedOptions options, Bytes[] keys) : IObservable<IReadOnlyDictionary<Bytes, Bytes>>
{
    // A batch is one write, and nobody else's command comes between.
    private const int MostWritten = 64 * 1024;
    private const int BesidesKey = 32;
    private const int End = 4;

    private readonly MemcachedKey[] _checked = Array.ConvertAll(keys, static key => MemcachedKey.Of(key));

    public IDisposable Subscribe(IObserver<IReadOnlyDictionary<Bytes, Bytes>> observer)
    {
        var run = new Run(this, observer);
        run.Begin([.. servers.Split(_checked).SelectMany(share => Batches(share.Keys).Select(batch => new Batch(run, share.Server, share.Indexes, batch)))]);
        return run;
    }

    private static IEnumerable<ManyCall> Batches(MemcachedKey[] written)
    {
        var (begin, bytes) = (0, End);
        for (var i = 0; i < written.Length; i++)
        {
            var more = written[i].Written.Length + BesidesKey;
            if (i > begin && bytes + more > MostWritten)
            {
                yield return new ManyCall(written, begin, i - begin);
                (begin, bytes) = (i, End);
            }

            bytes += more;
        }

        if (begin < written.Length)
        {
            yield return new ManyCall(written, begin, written.Length - begin);
        }
    }

    // What was there comes on the hub; who asks may leave on any thread.
    private sealed class Run(MemcachedMany many, IObserver<IReadOnlyDictionary<Bytes, Bytes>> observer) : IDisposable
    {
        private readonly Dictionary<Bytes, Bytes> _found = new(many._checked.Length);
        private ImmutableArray<IDisposable> _asked = [];
        private int _left;
        private int _isOver;

        public bool HasMisses(Exception error) => many.AreMisses(error);

        public void Begin(Batch[] batches)
        {
            _left = batches.Length;
            if (_left == 0)
            {
                Tell();
                return;
            }

            _asked = [.. batches.Select(static batch => batch.Begin())];
            if (Volatile.Read(ref _isOver) != 0)
            {
                Leave();
            }
        }

        public void Add(MemcachedServer server, int index, in MemcachedReply reply)
        {
            server.GiveBack(reply, many._checked[index]);
            if (many.Value(reply) is { } value)
            {
                _found[many.KeyAt(index)] = value;
            }
        }

        public void Done()
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                Tell();
            }
        }

        public void Fail(Exception error)
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                Leave();
                observer.OnError(error);
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                Leave();
            }
        }

        private void Tell()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                observer.OnNext(_found);
                observer.OnCompleted();
            }
        }

        private void Leave()
        {
            foreach (var asked in _asked)
            {
                asked.Dispose();
            }
        }
    }

    private bool AreMisses(Exception error) => options.AreErrorsMisses && MemcachedServer.IsUnreachable(error);

    private Bytes? Value(in MemcachedReply reply) => values.Read(reply);

    private Bytes KeyAt(int index) => keys[index];

    private sealed class Batch(Run run, MemcachedServer server, int[]? indexes, ManyCall call) : IObserver<ManyHits>
    {
        public IDisposable Begin() => server.Many(call).Subscribe(this);

        public void OnNext(ManyHits value)
        {
            try
            {
                foreach (ref readonly var hit in value.All)
                {
                    run.Add(server, indexes is null ? hit.Index : indexes[hit.Index], hit.Reply);
                }
            }
            catch (Exception wrong)
            {
                // A value that cannot be inflated.
                run.Fail(wrong);
            }
        }

        public void OnError(Exception error)
        {
            if (run.HasMisses(error))
            {
                run.Done();
            }
            else
            {
                run.Fail(error);
            }
        }

        public void OnCompleted() => run.Done();
    }
}
