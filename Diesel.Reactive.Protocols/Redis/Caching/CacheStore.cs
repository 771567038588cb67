using System.Buffers;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What a client has read and the server will tell of when it changes. The hub's thread only, but for <see cref="Counts"/>.</summary>
internal sealed class CacheStore : IRedisListener, ISeesCalls, IDisposable
{
    private readonly Dictionary<Bytes, CacheEntry> _kept = [];
    private readonly Dictionary<Bytes, HashSet<CacheEntry>> _byKey = [];
    private readonly LinkedList<CacheEntry> _byUse = [];
    private readonly RedisLink _link;
    private readonly Bytes[] _prefixes;
    private readonly Action<CacheStore> _gone;
    private readonly IStopwatch _clock;
    private long _bytes;
    private (long Hits, long Misses, long Invalidated, long Evicted) _counts;
    private bool _isTracked;
    private bool _isRefused;

    public CacheStore(RedisLink link, RedisCacheOptions options, Bytes[] prefixes, Action<CacheStore> gone)
    {
        (_link, Options, _prefixes, _gone) = (link, options, prefixes, gone);
        _clock = Hub.StartStopwatch();
        Hub.Within(() =>
        {
            link.Pushes.Add(this);
            link.Sees = this;
            link.Listening(1);
        });
    }

    public RedisLink Link => _link;

    public Hub Hub => _link.Hub;

    public RedisCacheOptions Options { get; }

    public RedisCacheCounts Counts => new(_counts.Hits, _counts.Misses, _counts.Invalidated, _counts.Evicted, _kept.Count, _bytes);

    /// <summary>A command as it is asked.</summary>
    public static Bytes QueryOf(IRedisCommand command)
    {
        var output = new ArrayBufferWriter<byte>();
        command.Write(output);
        return output.WrittenSpan.ToArray();
    }

    public bool TryGet(Bytes query, TimeSpan maxAge, out RespValue reply)
    {
        if (_kept.TryGetValue(query, out var entry) && _clock.Elapsed - entry.KeptSince < maxAge)
        {
            _byUse.Remove(entry.Place!);
            _byUse.AddLast(entry.Place!);
            _counts.Hits++;
            reply = entry.Reply;
            return true;
        }

        _counts.Misses++;
        reply = default;
        return false;
    }

    /// <summary>A read is asked for: what changes its keys from now on spoils it.</summary>
    public void Expect(CacheEntry entry)
    {
        foreach (var key in entry.Keys)
        {
            if (!_byKey.TryGetValue(key, out var entries))
            {
                _byKey.Add(key.ToArray(), entries = []);
            }

            entries.Add(entry);
        }
    }

    /// <summary>Nobody waits for a read any more, or it is over: then nothing happens.</summary>
    public void GiveUp(CacheEntry entry)
    {
        if (entry.Place is null)
        {
            entry.IsSpoiled = true;
            Leave(entry);
        }
    }

    /// <summary>A read is written now: writes what makes the server tell of changes to it.</summary>
    /// <returns>How many replies come before its own; and whether its own may be kept.</returns>
    public (int Before, bool MayKeep) Begin(IBufferWriter<byte> output)
    {
        if (_link.Version != RespVersion.Resp3 || _isRefused)
        {
            return (0, false);
        }

        var before = 0;
        if (!_isTracked)
        {
            _isTracked = true;
            before++;
            RespCodec.WriteCommand(output, Options.Broadcast is null
                ? ["CLIENT", "TRACKING", "ON", "OPTIN"]
                : ["CLIENT", "TRACKING", "ON", "BCAST", .. _prefixes.SelectMany(static prefix => new Bytes[] { "PREFIX", prefix })]);
        }

        if (Options.Broadcast is null)
        {
            before++;
            output.Write("*3\r\n$6\r\nCLIENT\r\n$7\r\nCACHING\r\n$3\r\nYES\r\n"u8);
        }

        return (before, true);
    }

    /// <summary>The server does not tell of changes: nothing is kept, until the next connection.</summary>
    public void Refused()
    {
        _isRefused = true;
        Flush();
    }

    /// <summary>A read is over.</summary>
    /// <param name="entry">Which.</param>
    /// <param name="reply">What came; null: nothing that may be kept.</param>
    public void End(CacheEntry entry, RespValue? reply)
    {
        if (entry.IsSpoiled || reply is not { IsError: false } value)
        {
            Leave(entry);
            return;
        }

        entry.Keep(value, _clock.Elapsed);
        if (entry.Bytes > Options.MaxBytes)
        {
            Leave(entry);
            return;
        }

        if (_kept.Remove(entry.Query, out var before))
        {
            Leave(before);
        }

        _kept.Add(entry.Query, entry);
        entry.Place = _byUse.AddLast(entry);
        _bytes += entry.Bytes;
        while (_bytes > Options.MaxBytes)
        {
            _counts.Evicted++;
            Leave(_byUse.First!.Value);
        }
    }

    public void Flush()
    {
        foreach (var entry in _byKey.Values.SelectMany(static entries => entries).ToArray())
        {
            Spoil(entry);
        }
    }

    public void Begun()
    {
    }

    public void Pushed(RespValue push)
    {
        if (push.Items is not [var word, var keys] || !word.Raw.SequenceEqual("invalidate"u8))
        {
            return;
        }

        if (keys.IsNull)
        {
            Flush();
        }

        foreach (var key in keys.Items)
        {
            if (key.Kind == RespKind.BulkString)
            {
                Drop(key.ToBytes());
            }
        }
    }

    public void Lost()
    {
        (_isTracked, _isRefused) = (false, false);
        Flush();
    }

    // What may be written is asked for anew: the word of the change would come behind the reply. An argument that is no key drops too much at worst.
    public void Sending(Call<RespValue> call)
    {
        if (_byKey.Count == 0)
        {
            return;
        }

        if (call is IRedisCommand one)
        {
            Sending(one);
        }
        else if (call is IRedisCommandGroup several)
        {
            foreach (var command in several.Commands)
            {
                Sending(command);
            }
        }
    }

    // Of what happens to keys that are another server's it is not told.
    public void SlotsLeft() => Flush();

    public void Dispose() => Hub.Within(() =>
    {
        Flush();
        _gone(this);
    });

    private void Sending(IRedisCommand command)
    {
        if (CacheableCommands.IsHarmless(command))
        {
            return;
        }

        if (CacheableCommands.IsOfEverything(command))
        {
            Flush();
        }

        foreach (var argument in CommandKeys.ArgumentsOf(command))
        {
            Drop(argument);
        }
    }

    private void Drop(Bytes key)
    {
        if (_byKey.TryGetValue(key, out var entries))
        {
            foreach (var entry in entries.ToArray())
            {
                Spoil(entry);
            }
        }
    }

    private void Spoil(CacheEntry entry)
    {
        entry.IsSpoiled = true;
        _counts.Invalidated += entry.Place is null ? 0 : 1;
        Leave(entry);
    }

    private void Leave(CacheEntry entry)
    {
        foreach (var key in entry.Keys)
        {
            if (_byKey.TryGetValue(key, out var entries) && entries.Remove(entry) && entries.Count == 0)
            {
                _byKey.Remove(key);
            }
        }

        if (entry.Place is { } place)
        {
            _byUse.Remove(place);
            entry.Place = null;
            _kept.Remove(entry.Query);
            _bytes -= entry.Bytes;
        }
    }
}
