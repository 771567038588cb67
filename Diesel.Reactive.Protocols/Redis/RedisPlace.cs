namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Where something is to be listened to that is said by several servers.</summary>
internal enum RedisPlace
{
    /// <summary>At any one: each hears of it.</summary>
    Any,

    /// <summary>Where its slot is.</summary>
    Slot,

    /// <summary>At all primaries: each tells of its own.</summary>
    All,
}
