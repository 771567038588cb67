using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>What <c>stats</c> tells.</summary>
internal sealed class MemcachedStatistics(MemcachedItems items, MemcachedServiceOptions options, Func<int> connections)
{
    private readonly long _began = items.Now;

    public string Version => options.Version;

    /// <summary>Each name and value of a group; null: there is no such group.</summary>
    public IEnumerable<(string Name, string Value)>? Of(string group) => group switch
    {
        "" => General(),
        "settings" =>
        [
            ("maxbytes", Text(items.Store.MaxBytes)), ("maxconns", Text(options.MaxConnections ?? 0)), ("evictions", "on"), ("cas_enabled", "yes"),
            ("item_size_max", Text(options.Limits.MaxValue)), ("auth_enabled_ascii", options.LogIn is null ? "no" : "yes"),
        ],
        "items" or "slabs" or "sizes" or "conns" => [],
        _ => null,
    };

    /// <summary>Answers <c>stats</c>, if there is that group.</summary>
    public bool TryTell(ReadOnlySpan<byte> group, MemcachedAnswers answers)
    {
        if (group.SequenceEqual("reset"u8))
        {
            items.Counters.Reset();
            answers.Line("RESET"u8);
            return true;
        }

        if (Of(Encoding.Latin1.GetString(group)) is not { } all)
        {
            return false;
        }

        foreach (var (name, value) in all)
        {
            answers.Line($"STAT {name} {value}");
        }

        answers.Line("END"u8);
        return true;
    }

    private List<(string Name, string Value)> General()
    {
        var (counters, store, now) = (items.Counters, items.Store, items.Now);
        return
        [
            ("pid", Text(Environment.ProcessId)),
            ("uptime", Text(now - _began)),
            ("time", Text(now)),
            ("version", Version),
            ("pointer_size", Text(8 * IntPtr.Size)),
            ("curr_connections", Text(connections())),
            ("cmd_get", Text(counters.Gets)),
            ("cmd_set", Text(counters.Sets)),
            ("cmd_flush", Text(counters.Flushes)),
            ("cmd_touch", Text(counters.Touches)),
            ("cmd_meta", Text(counters.MetaCommands)),
            ("get_hits", Text(counters.GetHits)),
            ("get_misses", Text(counters.Gets - counters.GetHits)),
            ("get_expired", Text(counters.Expired)),
            ("delete_misses", Text(counters.DeleteMisses)),
            ("delete_hits", Text(counters.DeleteHits)),
            ("incr_misses", Text(counters.IncrementMisses)),
            ("incr_hits", Text(counters.IncrementHits)),
            ("decr_misses", Text(counters.DecrementMisses)),
            ("decr_hits", Text(counters.DecrementHits)),
            ("cas_misses", Text(counters.CasMisses)),
            ("cas_hits", Text(counters.CasHits)),
            ("cas_badval", Text(counters.CasBad)),
            ("touch_hits", Text(counters.TouchHits)),
            ("touch_misses", Text(counters.Touches - counters.TouchHits)),
            ("limit_maxbytes", Text(store.MaxBytes)),
            ("threads", "1"),
            ("bytes", Text(store.Bytes)),
            ("curr_items", Text(store.Count)),
            ("total_items", Text(counters.Sets)),
            ("evictions", Text(store.Evicted)),
        ];
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
