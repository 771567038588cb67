namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>How keys are spread over servers.</summary>
public enum MemcachedHash
{
    /// <summary>libmemcached's <c>ketama</c> with its usual hash: 100 points a server, weights do not count.</summary>
    Ketama,

    /// <summary>libmemcached's <c>ketama_weighted</c>: 160 points a server, by MD5.</summary>
    KetamaWeighted,

    /// <summary>The server of the highest score for the key has it: no ring, and each key of a server that is gone goes somewhere else.</summary>
    Rendezvous,
}
