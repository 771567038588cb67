namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A transaction was not carried out: a key that was watched has changed.</summary>
public sealed class RedisTransactionException : Exception
{
    internal RedisTransactionException(string message = "The transaction was not carried out: a key that was watched has changed.")
        : base(message)
    {
    }
}
