namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Whether a request is sent again when it has failed for a reason of the moment.</summary>
internal enum MongoRetries
{
    /// <summary>It is not.</summary>
    Never,

    /// <summary>It reads: it may be carried out twice.</summary>
    Read,

    /// <summary>It writes, and the server knows by a number that it was carried out.</summary>
    Write,
}
