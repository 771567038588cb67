using System.Globalization;
using System.Reactive;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>Results that were not given whole.</summary>
internal sealed class ServiceCursors
{
    private const int FirstBatch = 101;
    private const int MostBytes = 16 * 1024 * 1024;

    private readonly Dictionary<long, Rest> _open = [];
    private readonly Dictionary<long, (string Space, ServiceChanges Changes)> _watching = [];
    private AwaitableSource<Unit> _grown = new("something that is written");
    private long _last = 1_000_000;

    public int Count => _open.Count + _watching.Count;

    /// <summary>Told when something is written.</summary>
    public Awaitable<Unit> Grown => _grown;

    public void Grow()
    {
        var before = _grown;
        _grown = new("something that is written");
        before.TrySetResult(Unit.Default);
    }

    /// <summary>Whether a cursor has nothing to give yet, and may have later.</summary>
    public bool IsWaiting(long id) => _watching.TryGetValue(id, out var watching) && !watching.Changes.HasMore;

    /// <summary>The reply with which one begins that waits for what is written.</summary>
    public RawBson Begin(string space, ServiceChanges changes, int? batchSize)
    {
        _watching.Add(++_last, (space, changes));
        return Reply(_last, space, "firstBatch", changes.Take(batchSize ?? FirstBatch), changes.Token);
    }

    /// <summary>The reply with a first batch.</summary>
    /// <param name="space">Database and collection.</param>
    /// <param name="documents">All there are, in order; gone through as they are taken.</param>
    /// <param name="batchSize">Null: as many as usual.</param>
    /// <param name="single">Whether there is no other.</param>
    public RawBson Begin(string space, IEnumerable<RawBson> documents, int? batchSize, bool single)
    {
        var rest = new Rest(space, documents.GetEnumerator());
        var (batch, isLast) = rest.Take(batchSize ?? FirstBatch);
        if (isLast || single)
        {
            return Reply(0, space, "firstBatch", batch);
        }

        _open.Add(++_last, rest);
        return Reply(_last, space, "firstBatch", batch);
    }

    /// <exception cref="MongoErrorException">There is none.</exception>
    public RawBson GoOn(long id, int? batchSize)
    {
        if (_watching.TryGetValue(id, out var watching))
        {
            return Reply(id, watching.Space, "nextBatch", watching.Changes.Take(batchSize ?? int.MaxValue), watching.Changes.Token);
        }

        if (!_open.TryGetValue(id, out var rest))
        {
            throw new MongoErrorException($"cursor id {id} not found", 43, "CursorNotFound");
        }

        var (batch, isLast) = rest.Take(batchSize is > 0 ? batchSize.Value : int.MaxValue);
        if (isLast)
        {
            _open.Remove(id);
        }

        return Reply(isLast ? 0 : id, rest.Space, "nextBatch", batch);
    }

    public bool Kill(long id) => _open.Remove(id) || _watching.Remove(id);

    private static RawBson Reply(long id, string space, string name, List<RawBson> batch, BsonDocument? token = null)
    {
        // Of each its bytes, its kind and the number that is its name.
        var output = BsonOutput.Rent(batch.Sum(static each => each.Memory.Length + 16));
        Span<char> number = stackalloc char[16];
        var whole = output.Begin();
        output.Name(3, "cursor");
        var cursor = output.Begin();
        output.Name(4, name);
        var array = output.Begin();
        for (var i = 0; i < batch.Count; i++)
        {
            i.TryFormat(number, out var length, provider: CultureInfo.InvariantCulture);
            output.Name(3, number[..length]);
            output.Bytes(batch[i].Memory.Span);
        }

        output.End(array);
        output.Add("id", id).Add("ns", space);
        if (token is not null)
        {
            output.Add("postBatchResumeToken", token);
        }

        output.End(cursor);
        output.Add("ok", 1.0);
        output.End(whole);
        return output.TakeDocument();
    }

    private sealed class Rest(string space, IEnumerator<RawBson> documents)
    {
        private bool _hasNext = documents.MoveNext();

        public string Space => space;

        public (List<RawBson> Batch, bool IsLast) Take(int count)
        {
            var (batch, bytes) = (new List<RawBson>(), 0);
            while (_hasNext && batch.Count < count && (batch.Count == 0 || bytes + documents.Current.Memory.Length < MostBytes))
            {
                bytes += documents.Current.Memory.Length + 16;
                batch.Add(documents.Current);
                _hasNext = documents.MoveNext();
            }

            return (batch, !_hasNext);
        }
    }
}
