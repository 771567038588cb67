namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What is asked of a server about a lock. All may be repeated: a token is one waiter's.</summary>
internal static class LockScripts
{
    // The last read comes behind the last write, so that the server tells of the next. The clock goes on where the number was lost with its key.
    public const string Acquire = """
        if not redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
          if redis.call('get', KEYS[1]) ~= ARGV[1] then
            return {0, redis.call('pttl', KEYS[1])}
          end
          redis.call('pexpire', KEYS[1], ARGV[2])
        end
        local time = redis.call('time')
        local fence = time[1] * 1000000 + time[2]
        local last = tonumber(redis.call('get', KEYS[2]) or 0)
        if fence <= last then
          fence = last + 1
        end
        redis.call('set', KEYS[2], string.format('%.0f', fence), 'PX', 86400000 + ARGV[2])
        redis.call('get', KEYS[1])
        return {fence, ARGV[2]}
        """;

    public const string Renew = """
        if redis.call('get', KEYS[1]) ~= ARGV[1] then
          return 0
        end
        redis.call('pexpire', KEYS[1], ARGV[2])
        redis.call('get', KEYS[1])
        return 1
        """;

    public const string Release = """
        if redis.call('get', KEYS[1]) ~= ARGV[1] then
          return 0
        end
        return redis.call('del', KEYS[1])
        """;

    private static readonly Bytes AcquireScript = Acquire;
    private static readonly Bytes RenewScript = Renew;
    private static readonly Bytes ReleaseScript = Release;

    /// <summary>A fencing number, or 0 and how many milliseconds the holder has; negative: for ever.</summary>
    public static RedisCommand<(long Fence, long Remaining)> ToAcquire(Bytes key, string token, TimeSpan expiry) => new(
        "EVAL", static reply => reply.ToItems() is [var fence, var rest] ? (fence.ToInt64(), rest.ToInt64()) : throw new ProtocolException("A lock's script gave something else."),
        AcquireScript, 2, key, FenceOf(key), token, Reply.Milliseconds(expiry)) { IsReadOnly = true, IsWrite = true };

    public static RedisCommand<bool> ToRenew(Bytes key, string token, TimeSpan expiry) =>
        new("EVAL", Reply.Truth, RenewScript, 1, key, token, Reply.Milliseconds(expiry)) { IsReadOnly = true, IsWrite = true };

    public static RedisCommand<bool> ToRelease(Bytes key, string token) => new("EVAL", Reply.Truth, ReleaseScript, 1, key, token) { IsReadOnly = true, IsWrite = true };

    public static RedisCommand<bool> ToCheck(Bytes key, string token) =>
        new("GET", reply => !reply.IsNull && reply.ToText() == token, key) { IsReadOnly = true, IsWrite = true };

    // In a cluster, both keys of a script are to be in one slot: that of what stands in braces, if anything does.
    public static Bytes FenceOf(Bytes key)
    {
        var span = key.Span;
        var open = span.IndexOf((byte)'{');
        var hasTag = open >= 0 && span[(open + 1)..].IndexOf((byte)'}') > 0;
        return hasTag || span.Contains((byte)'}') ? (byte[])[.. span, .. ":fence"u8] : [(byte)'{', .. span, .. "}:fence"u8];
    }
}
