using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>The values of several keys: batches for each of their servers, all at once.</summary>
internal sealed class MemcachedMany(MemcachedServers servers, MemcachedValues values, MemcachedOptions options, Bytes[] keys) : IObservable<IReadOnlyDictionary<Bytes, Bytes>>
{
    // A batch is one write, and nobody else's command comes between.
    private const int MostWritten = 64 * 1024;
    private const int BesidesKey = 32;

    private readonly MemcachedKey[] _checked = [.. keys.Select(MemcachedKey.Of)];

    public IDisposable Subscribe(IObserver<IReadOnlyDictionary<Bytes, Bytes>> observer)
    {
        var found = new Dictionary<Bytes, Bytes>(keys.Length);
        return servers.Split(_checked).Select(share => OfServer(share.Server, share.Indexes)).Merge()
            .Aggregate(found, static (all, one) =>
            {
                if (one.Value is { } value)
                {
                    all[one.Key] = value;
                }

                return all;
            })
            .Subscribe(observer);
    }

    private IObservable<(Bytes Key, Bytes? Value)> OfServer(MemcachedServer server, List<int> indexes)
    {
        MemcachedKey[] written = [.. indexes.Select(index => _checked[index])];
        var values = Batches(written).Select(batch => server.All(new ManyCall(written, batch.Begin, batch.Count))).Merge()
            .SelectMany(static replies => replies)
            .Select(hit => (keys[indexes[hit.Index]], Value(hit.Reply)));
        return options.AreErrorsMisses
            ? values.Catch((Exception error) => MemcachedServer.IsUnreachable(error) ? Observable.Empty<(Bytes, Bytes?)>() : Observable.Throw<(Bytes, Bytes?)>(error))
            : values;
    }

    private Bytes? Value(MemcachedReply reply) => values.Read(reply);

    private static IEnumerable<(int Begin, int Count)> Batches(MemcachedKey[] written)
    {
        var (begin, bytes) = (0, 0);
        for (var i = 0; i < written.Length; i++)
        {
            var more = written[i].Written.Length + BesidesKey;
            if (i > begin && bytes + more > MostWritten)
            {
                yield return (begin, i - begin);
                (begin, bytes) = (i, 0);
            }

            bytes += more;
        }

        if (begin < written.Length)
        {
            yield return (begin, written.Length - begin);
        }
    }
}
