using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Several writes, in as few commands as the server takes.</summary>
/// <param name="target">Where.</param>
/// <param name="collection">Of which.</param>
/// <param name="ordered">Whether the first that fails is the last.</param>
internal sealed class MongoBulk(MongoTarget target, string collection, bool ordered)
{
    private readonly List<MongoWriteError> _errors = [];
    private readonly HashSet<string> _labels = [];
    private BulkResult _result = BulkResult.Nothing;
    private MongoWriteError? _concern;
    private BsonDocument _reply = [];

    public async Task<BulkResult> Run(IReadOnlyList<MongoWrite> writes)
    {
        var began = target.Hub.TimeProvider.GetTimestamp();

        // A transaction that has its connection needs no other one to know what the server takes.
        var hello = (target.Options.Session?.State.Pin as MongoPin)?.Connection?.Hello ?? await new GreetedWait(target.Cluster).Hello(target.Options.Timeout);
        foreach (var batch in Batches(writes, hello))
        {
            await Send(batch, Left(target.Hub.TimeProvider.GetElapsedTime(began)));
            if (ordered && _errors.Count > 0)
            {
                break;
            }
        }

        _errors.Sort(static (one, other) => one.Index.CompareTo(other.Index));
        return _errors.Count == 0 && _concern is null ? _result : throw new MongoWriteException(_result, _errors, _concern, _labels, _reply);
    }

    /// <summary>What one command came to that writes.</summary>
    /// <exception cref="MongoWriteException">Not all was written.</exception>
    public static BulkResult Result(string command, RawBson reply)
    {
        var bulk = new MongoBulk(null!, "", true);
        bulk.Take(command, static at => at, reply);
        return bulk._errors.Count == 0 && bulk._concern is null ? bulk._result : throw new MongoWriteException(bulk._result, bulk._errors, bulk._concern, bulk._labels, bulk._reply);
    }

    public static byte[] Elements(MongoTarget target, string command, string collection, bool ordered)
    {
        var output = MongoTarget.Command(command, collection).Add("ordered", ordered);
        if (target.Options.BypassesValidation && command != "delete")
        {
            output.Add("bypassDocumentValidation", true);
        }

        var options = command == "insert" ? new MongoCallOptions { Comment = target.Options.Comment } : target.Options with { Collation = null };
        options.Common(output);
        return output.Take();
    }

    public static string SectionOf(string command) => command == "insert" ? "documents" : $"{command}s";

    private TimeSpan Left(TimeSpan spent) => target.Options.Timeout == Timeout.InfiniteTimeSpan ? target.Options.Timeout
        : target.Options.Timeout > spent ? target.Options.Timeout - spent
        : TimeSpan.FromMilliseconds(1);

    // Without an order, writes of one kind go together; with one, only those that follow one another.
    private IEnumerable<Batch> Batches(IReadOnlyList<MongoWrite> writes, MongoHello hello)
    {
        var places = Enumerable.Range(0, writes.Count);
        var groups = ordered ? [places] : places.GroupBy(at => writes[at].Command).Select(static group => (IEnumerable<int>)group);
        foreach (var group in groups)
        {
            Batch? batch = null;
            foreach (var at in group)
            {
                var write = writes[at];
                if (batch is not null && (batch.Command != write.Command || !batch.Holds(write.Statement, hello)))
                {
                    yield return batch;
                    batch = null;
                }

                (batch ??= new(write.Command)).Add(at, write);
            }

            if (batch is not null)
            {
                yield return batch;
            }
        }
    }

    private async Task Send(Batch batch, TimeSpan left)
    {
        var elements = Elements(target, batch.Command, collection, ordered);
        var limited = target with { Options = target.Options with { Timeout = left } };
        var reply = await limited.Ask(limited.Write(batch.Command, collection, elements, static reply => reply, new(SectionOf(batch.Command), batch.Statements), isRetried: !batch.IsAboutMany));
        if (!reply.Memory.IsEmpty)
        {
            Take(batch.Command, at => batch.Places[at], reply);
        }
    }

    private void Take(string command, Func<int, int> place, RawBson reply)
    {
        var (n, upserted) = (reply["n"u8].IsNull ? 0 : reply["n"u8].ToInt64(), new Dictionary<int, BsonValue>());
        if (reply["upserted"u8] is { Type: BsonType.Array } ids)
        {
            foreach (var one in ids.ToDocument().Items)
            {
                upserted[place((int)one.Value.ToDocument()["index"u8].ToInt64())] = one.Value.ToDocument()["_id"u8].ToBsonValue();
            }
        }

        var modified = reply["nModified"u8].IsNull ? 0 : reply["nModified"u8].ToInt64();
        _result = _result.And(command switch
        {
            "insert" => BulkResult.Nothing with { Inserted = n },
            "delete" => BulkResult.Nothing with { Deleted = n },
            _ => BulkResult.Nothing with { Matched = n - upserted.Count, Modified = modified, UpsertedIds = upserted },
        });
        Errors(place, reply);
    }

    private void Errors(Func<int, int> place, RawBson reply)
    {
        if (reply["writeErrors"u8] is { Type: BsonType.Array } errors)
        {
            foreach (var one in errors.ToDocument().Items)
            {
                var error = MongoWriteError.Of(one.Value.ToDocument(), 0);
                _errors.Add(error with { Index = place(error.Index) });
            }

            _reply = reply.ToDocument();
        }

        if (reply["writeConcernError"u8] is { Type: BsonType.Document } concern)
        {
            (_concern, _reply) = (MongoWriteError.Of(concern.ToDocument(), 0), reply.ToDocument());
        }

        _labels.UnionWith(MongoErrorException.LabelsIn(reply));
    }

    /// <summary>Writes of one command.</summary>
    private sealed class Batch(string command)
    {
        // The command itself, and what is said along.
        private const int Reserved = 16 * 1024;

        private long _length;

        public string Command => command;

        public List<int> Places { get; } = [];

        public List<RawBson> Statements { get; } = [];

        public bool Holds(RawBson statement, MongoHello hello) =>
            Statements.Count < hello.MaxBatch && _length + statement.Memory.Length + Reserved <= hello.MaxMessage;

        /// <summary>Whether one of them is about more than one document: then the server cannot tell whether it was carried out.</summary>
        public bool IsAboutMany { get; private set; }

        public void Add(int place, MongoWrite write)
        {
            Places.Add(place);
            Statements.Add(write.Statement);
            IsAboutMany |= write.IsAboutMany;
            _length += write.Statement.Memory.Length;
        }
    }
}
