namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What is asked of a server about a lock, or a semaphore. All may be repeated: a token is one waiter's.</summary>
/// <remarks>
/// <para>Who waits stands in a line at the server, with its token, its expiry and its program. Whoever lets go gives the place to the first whose program listens, and tells it
/// so; that one confirms it, which begins its time on both clocks. Keys: who holds it, the fencing number, the line; arguments: the token, the expiry in milliseconds, how long
/// what stands beside it is kept, whether one waits with the program's channel behind it, and of a semaphore how many may hold it. Few, as each costs the server a third of a
/// microsecond.</para>
/// <para>Scripts, not functions: locks work with servers before version 7 as well, without the line.</para>
/// </remarks>
internal static class LockScripts
{
    private const string Line = """
        local key, line = KEYS[1], KEYS[3]
        local me = ARGV[1] .. '|' .. ARGV[2] .. '|' .. string.sub(ARGV[4], 2)
        local clock = redis.call('time')
        local function hand()
          while isFree() do
            local first = redis.call('zrange', line, 0, 0)[1]
            if not first then
              return
            end
            redis.call('zrem', line, first)
            local token, expiry, channel = string.match(first, '^(.-)|(.-)|(.*)$')
            if first == me then
              hold(token, expiry)
              return
            end
            local told = redis.pcall('spublish', channel, token)
            if type(told) == 'number' and told > 0 then
              hold(token, expiry)
            end
          end
        end

        """;

    // GETEX counts as a write: the server tells who waits nothing of the key, and only the holder that it has changed.
    private const string One = """
        local isFree, isMine, hold, drop
        isFree = function() return redis.call('exists', KEYS[1]) == 0 end
        isMine = function() return redis.call('getex', KEYS[1]) == ARGV[1] end
        hold = function(token, expiry) redis.call('set', KEYS[1], token, 'PX', expiry) end
        drop = function() redis.call('del', KEYS[1]) end
        local function pause() return redis.call('pttl', KEYS[1]) end

        """;

    private const string Several = """
        local isFree, isMine, hold, drop
        local instant = redis.call('time')
        instant = instant[1] * 1000 + math.floor(instant[2] / 1000)
        redis.call('zremrangebyscore', KEYS[1], '-inf', string.format('%.0f', instant))
        isFree = function() return redis.call('zcard', KEYS[1]) < tonumber(ARGV[5]) end
        isMine = function() return redis.call('zscore', KEYS[1], ARGV[1]) ~= false end
        hold = function(token, expiry)
          redis.call('zadd', KEYS[1], string.format('%.0f', instant + expiry), token)
          redis.call('pexpire', KEYS[1], 86400000 + expiry)
        end
        drop = function() redis.call('zrem', KEYS[1], ARGV[1]) end
        local function pause()
          local first = redis.call('zrange', KEYS[1], 0, 0, 'WITHSCORES')
          return first[2] and math.max(0, tonumber(first[2]) - instant) or 0
        end

        """;

    // Nobody holds it, and nobody waits: most often so, and done with the fewest calls. PEXPIRE counts as a write, as GETEX does, and says whether there is a line.
    // Numbers stay the texts that they came as: to write one down costs Lua half of what a call does.
    private const string ToTakeFree = """
        if redis.call('pexpire', KEYS[3], ARGV[3]) == 0 and redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
          local clock = redis.call('time')
          local fence = clock[1] .. string.sub('00000' .. clock[2], -6)
          local last = redis.call('set', KEYS[2], fence, 'PX', ARGV[3], 'GET')
          if last and (#last > #fence or #last == #fence and last >= fence) then
            fence = string.format('%.0f', last + 1)
            redis.call('set', KEYS[2], fence, 'PX', ARGV[3])
          end
          redis.call('get', KEYS[1])
          return fence
        end

        """;

    private const string ToLeaveFree = """
        if redis.call('getex', KEYS[1]) == ARGV[1] and redis.call('pexpire', KEYS[3], ARGV[3]) == 0 then
          redis.call('del', KEYS[1])
          return 1
        end

        """;

    // The last read comes behind the last write, so that the server tells of the next. The clock goes on where the number was lost with its key.
    private const string ToTake = """
        if not isMine() then
          if isFree() and redis.call('zcard', line) == 0 then
            hold(ARGV[1], ARGV[2])
          else
            if not redis.call('zscore', line, me) then
              local last = redis.call('zrange', line, -1, -1, 'WITHSCORES')
              redis.call('zadd', line, string.format('%.0f', last[2] and last[2] + 1 or 1), me)
              redis.call('pexpire', line, ARGV[3])
            end
            hand()
            if string.sub(ARGV[4], 1, 1) == '0' then
              redis.call('zrem', line, me)
            end
            if not isMine() then
              return pause()
            end
          end
        else
          redis.call('zrem', line, me)
        end
        hold(ARGV[1], ARGV[2])
        local fence = clock[1] * 1000000 + clock[2]
        local last = tonumber(redis.call('get', KEYS[2]) or 0)
        if fence <= last then
          fence = last + 1
        end
        fence = string.format('%.0f', fence)
        redis.call('set', KEYS[2], fence, 'PX', ARGV[3])
        """;

    private const string ToLeave = """
        redis.call('zrem', line, me)
        if not isMine() then
          hand()
          return 0
        end
        drop()
        hand()
        return 1
        """;

    public const string Acquire = $$"""
        {{ToTakeFree}}{{One}}{{Line}}{{ToTake}}
        redis.call('get', KEYS[1])
        return fence
        """;

    public const string AcquireOne = $$"""
        {{Several}}{{Line}}{{ToTake}}
        return fence
        """;

    public const string Release = $"{ToLeaveFree}{One}{Line}{ToLeave}";

    public const string ReleaseOne = $"{Several}{Line}{ToLeave}";

    public const string Renew = """
        if redis.call('get', KEYS[1]) ~= ARGV[1] then
          return 0
        end
        redis.call('pexpire', KEYS[1], ARGV[2])
        redis.call('get', KEYS[1])
        return 1
        """;

    public const string RenewOne = $$"""
        {{Several}}
        if not isMine() then
          return 0
        end
        hold(ARGV[1], ARGV[2])
        return 1
        """;

    /// <summary>How long a server keeps what stands beside a lock that nobody uses.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    private static readonly Script AcquireScript = Script.Repeatable(Acquire);
    private static readonly Script RenewScript = Script.Repeatable(Renew);
    private static readonly Script ReleaseScript = Script.Repeatable(Release);
    private static readonly Script AcquireOneScript = Script.Repeatable(AcquireOne);
    private static readonly Script RenewOneScript = Script.Repeatable(RenewOne);
    private static readonly Script ReleaseOneScript = Script.Repeatable(ReleaseOne);

    /// <summary>A fencing number, which the server says as a text, or 0 and how many milliseconds the holder has; negative: for ever.</summary>
    /// <param name="link">Where.</param>
    /// <param name="claim">What is wanted.</param>
    /// <param name="waits">Whether it stands in line when it cannot be had.</param>
    public static IObservable<(long Fence, long Remaining)> ToAcquire(RedisTopology link, LockClaim claim, bool waits) => Run<(long Fence, long Remaining)>(
        link, claim.Count is null ? AcquireScript : AcquireOneScript,
        static reply => reply.Kind == RespKind.Integer ? (0, reply.ToInt64()) : (reply.ToInt64(), 0), claim, waits);

    public static IObservable<bool> ToRenew(RedisTopology link, LockClaim claim) => Run(link, claim.Count is null ? RenewScript : RenewOneScript, Reply.Truth, claim);

    /// <summary>The same for a connection of one's own.</summary>
    public static RedisCommand<bool> Renewal(LockClaim claim) => (claim.Count is null ? RenewScript : RenewOneScript).Whole(Reply.Truth, claim.Words(waits: false));

    /// <summary>Lets go of it, or leaves the line.</summary>
    public static IObservable<bool> ToRelease(RedisTopology link, LockClaim claim) => Run(link, claim.Count is null ? ReleaseScript : ReleaseOneScript, Reply.Truth, claim);

    public static IObservable<bool> ToCheck(RedisTopology link, LockClaim claim) => link.Ask(claim.Count is null
        ? new RedisCommand<bool>("GET", reply => !reply.IsNull && reply.ToText() == claim.Token, claim.Key) { IsReadOnly = true, IsWrite = true }
        : new("ZSCORE", static reply => !reply.IsNull, claim.Key, claim.Token) { IsReadOnly = true, IsWrite = true });

    public static Bytes FenceOf(Bytes key) => Beside(key, ":fence");

    /// <summary>The line of those who wait; also what the channels of their programs begin with.</summary>
    public static Bytes LineOf(Bytes key) => Beside(key, ":line");

    private static Awaitable<T> Run<T>(RedisTopology link, Script script, Func<RespValue, T> read, LockClaim claim, bool waits = false) =>
        script.Run(link.Ask, read, claim.Words(waits));

    // In a cluster, all keys of a script are to be in one slot: that of what stands in braces, if anything does.
    private static Bytes Beside(Bytes key, string word)
    {
        var span = key.Span;
        var open = span.IndexOf((byte)'{');
        var hasTag = open >= 0 && span[(open + 1)..].IndexOf((byte)'}') > 0;
        ReadOnlySpan<byte> end = ((Bytes)word).Span;
        return hasTag || span.Contains((byte)'}') ? (byte[])[.. span, .. end] : [(byte)'{', .. span, (byte)'}', .. end];
    }
}
