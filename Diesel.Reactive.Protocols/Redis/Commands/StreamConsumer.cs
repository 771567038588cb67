namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A consumer of a group.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pending">Entries it has not acknowledged.</param>
/// <param name="Idle">How long ago it tried to do something.</param>
public sealed record StreamConsumer(Bytes Name, long Pending, TimeSpan Idle)
{
    internal static StreamConsumer Read(RespValue value)
    {
        var named = Reply.Named(value);
        return new(Reply.In(named, "name").ToBytes(), Reply.In(named, "pending").ToInt64(), TimeSpan.FromMilliseconds(Reply.In(named, "idle").ToInt64()));
    }
}
