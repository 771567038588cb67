using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What the scripts of a lock do, for a server that runs no Lua.</summary>
internal static class RedisFakeScripts
{
    /// <param name="data">What the server stores.</param>
    /// <param name="words">EVAL, the script, how many keys, the keys, the arguments.</param>
    /// <param name="reads">Notes that a key was read.</param>
    public static RespValue Run(RedisFakeData data, Bytes[] words, Action<Bytes> reads)
    {
        var (script, keys) = (words[1].ToText(), words[2].ToInt64());
        var (key, arguments) = (words[3], words[(int)(3 + keys)..]);
        reads(key);
        return script switch
        {
            LockScripts.Acquire => Acquire(data, key, words[4], arguments, reads),
            LockScripts.Renew => Resp.Integer(Renew(data, key, arguments, reads) ? 1 : 0),
            LockScripts.Release => Resp.Integer(data.Get(key) == arguments[0] && data.Store(key, null, null) ? 1 : 0),
            _ => Resp.Error("ERR unknown script"),
        };
    }

    private static RespValue Acquire(RedisFakeData data, Bytes key, Bytes fenceKey, Bytes[] arguments, Action<Bytes> reads)
    {
        if (data.Get(key) is { } holder && holder != arguments[0])
        {
            return Resp.Array(Resp.Integer(0), Resp.Integer((long)data.TimeToLive(key).TotalMilliseconds));
        }

        data.Store(key, arguments[0], TimeSpan.FromMilliseconds(arguments[1].ToInt64()));
        var fence = (data.Get(fenceKey)?.ToInt64() ?? 0) + 1;
        data.Store(fenceKey, fence, null);
        reads(key);
        return Resp.Array(Resp.Integer(fence), Resp.Bulk(arguments[1]));
    }

    private static bool Renew(RedisFakeData data, Bytes key, Bytes[] arguments, Action<Bytes> reads)
    {
        if (data.Get(key) != arguments[0])
        {
            return false;
        }

        data.Store(key, arguments[0], TimeSpan.FromMilliseconds(arguments[1].ToInt64()));
        reads(key);
        return true;
    }
}
