namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Which protocol is spoken.</summary>
public enum RespVersion
{
    /// <summary>The protocol of all servers.</summary>
    Resp2 = 2,

    /// <summary>The protocol of Redis 6 and later: maps, sets, doubles, pushes.</summary>
    Resp3 = 3,
}
