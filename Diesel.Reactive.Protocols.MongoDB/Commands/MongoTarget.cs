using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Where commands go, and what holds of them.</summary>
internal sealed record MongoTarget(MongoCluster Cluster, string Database, MongoCallOptions Options)
{
    public Hub Hub => Cluster.Hub;

    /// <summary>Reads; whether with a read concern, its command decides.</summary>
    public MongoRequest<T> Read<T>(string name, string? collection, byte[] elements, Func<RawBson, T> read, bool hasConcern = true) => new()
    {
        Name = name, Database = Database, Collection = collection, Elements = elements, Read = read, Timeout = Options.Timeout, Session = Options.Session?.State,
        Retries = Options.RetryReads ? MongoRetries.Read : MongoRetries.Never, ReadConcern = Options.ReadConcern, HasReadConcern = hasConcern,
        ReadPreference = Options.Session is { IsInTransaction: true } ? ReadPreference.Primary : Options.ReadPreference,
    };

    /// <summary>Writes; it is retried where the server can tell that it was carried out before.</summary>
    public MongoRequest<T> Write<T>(string name, string? collection, byte[] elements, Func<RawBson, T> read, MongoSection? section = null, bool isRetried = false) => new()
    {
        Name = name, Database = Database, Collection = collection, Elements = elements, Read = read, Timeout = Options.Timeout, Section = section, IsAnswered = Options.IsAnswered,
        Session = Options.Session?.State, Retries = isRetried && Options is { RetryWrites: true, IsAnswered: true } ? MongoRetries.Write : MongoRetries.Never, WriteConcern = Options.WriteConcern,
    };

    /// <summary>Does something that nobody knows: it is sent as it is.</summary>
    public MongoRequest<T> Command<T>(string name, byte[] elements, Func<RawBson, T> read) => new()
    {
        Name = name, Database = Database, Elements = elements, Read = read, Timeout = Options.Timeout, Session = Options.Session?.State,
        ReadPreference = Options.ReadPreference.Mode == ReadMode.Primary ? null : Options.ReadPreference,
    };

    public Awaitable<T> Ask<T>(MongoRequest<T> request) => new MongoOperation<T>(Cluster, request);

    /// <summary>Something that takes several requests, on the hub, in a loop of its own.</summary>
    public Awaitable<T> Do<T>(string what, Func<Task<T>> work) => Observable.Create<T>(observer => Hub.Fork(
        async () =>
        {
            T value;
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

    /// <summary>The elements of a command.</summary>
    public static BsonOutput Command(string name, string of) => BsonOutput.Rent().Add(name, of);
}
