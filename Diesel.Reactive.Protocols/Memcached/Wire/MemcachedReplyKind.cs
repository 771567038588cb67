namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>What a reply of memcached says, by its first word.</summary>
public enum MemcachedReplyKind
{
    /// <summary>Something else: <c>VERSION</c>, <c>STAT</c>, <c>OK</c>, <c>STORED</c>, a number.</summary>
    Text,

    /// <summary><c>VA</c> or <c>VALUE</c>: a value follows.</summary>
    Value,

    /// <summary><c>HD</c>: done, or there, and no value was asked for.</summary>
    Header,

    /// <summary><c>EN</c>: there is none. Of <c>mg</c> alone.</summary>
    Miss,

    /// <summary><c>NF</c>: there is none.</summary>
    NotFound,

    /// <summary><c>NS</c>: not stored, as the mode of storing asks for what is not so.</summary>
    NotStored,

    /// <summary><c>EX</c>: it was changed meanwhile.</summary>
    Exists,

    /// <summary><c>MN</c>: all replies before it are told.</summary>
    NoOp,

    /// <summary><c>ME</c>: what is known of an item.</summary>
    Info,

    /// <summary><c>END</c>: of several replies there are no more.</summary>
    End,

    /// <summary><c>ERROR</c>: no command of that name.</summary>
    Error,

    /// <summary><c>CLIENT_ERROR</c>: no such arguments.</summary>
    ClientError,

    /// <summary><c>SERVER_ERROR</c>: the server could not.</summary>
    ServerError,
}
