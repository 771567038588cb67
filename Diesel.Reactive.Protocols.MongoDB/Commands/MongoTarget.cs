using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Where commands go, and what holds of them.</summary>
internal sealed record MongoTarget(MongoPool Pool, string Database, MongoCallOptions Options)
{
    public Hub Hub => Pool.Hub;

    /// <summary>Reads.</summary>
    public MongoRequest<T> Read<T>(string name, string? collection, byte[] elements, Func<RawBson, T> read) => new()
    {
        Name = name, Database = Database, Collection = collection, Elements = elements, Read = read, Timeout = Options.Timeout, IsRepeatable = Options.RetryReads, ReadPreference = Options.ReadPreference,
    };

    /// <summary>Writes, or does something that nobody knows to be done.</summary>
    public MongoRequest<T> Write<T>(string name, string? collection, byte[] elements, Func<RawBson, T> read, MongoSection? section = null) => new()
    {
        Name = name, Database = Database, Collection = collection, Elements = elements, Read = read, Timeout = Options.Timeout, Section = section, IsAnswered = Options.IsAnswered,
    };

    public Awaitable<T> Ask<T>(MongoRequest<T> request) => new MongoOperation<T>(Pool, request);

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
