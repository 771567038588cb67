using System.Globalization;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>One key of which many ask for the value, and one is to compute it.</summary>
internal sealed class Stampede(MemcachedServers servers, MemcachedValues values, MemcachedKey key, TimeSpan ttl, Func<Task<Bytes>> compute, StampedeOptions options, bool areErrorsMisses)
{
    private static readonly TimeSpan SeldomLook = TimeSpan.FromSeconds(1);

    public async Task<Bytes> Ask()
    {
        var clock = servers.Hub.TimeProvider;
        var began = clock.GetTimestamp();
        for (var pause = options.Look; ; pause = pause * 2 < SeldomLook ? pause * 2 : SeldomLook)
        {
            var server = servers.Of(key);
            var found = await Find(server);
            if (found is null)
            {
                // The server cannot be reached; or the item that was made for the answer was evicted at once.
                return await compute();
            }

            if (found.HasWon)
            {
                return await Compute(server, found);
            }

            if (found.Value is { } value)
            {
                return value;
            }

            if (clock.GetElapsedTime(began) >= options.MaxWait)
            {
                return await compute();
            }

            await servers.Hub.Sleep(pause);
        }
    }

    private async Task<Found?> Find(MemcachedServer server)
    {
        try
        {
            return await server.Ask(new GetCall<Found>(server, key, Flags().ToFlags(), Read, computes: true));
        }
        catch (Exception error) when (IsMiss(error))
        {
            return null;
        }
    }

    private bool IsMiss(Exception error) => areErrorsMisses && MemcachedServer.IsUnreachable(error);

    private string Flags()
    {
        var refresh = options.RefreshBefore is { } before ? $" R{Seconds(before)}" : "";
        return $" v f c t N{Seconds(options.Computing)}{refresh}";
    }

    // Only if nobody has stored one meanwhile: that one is newer than what this was computed from.
    private async Task<Bytes> Compute(MemcachedServer server, Found found)
    {
        // Should this one die, nobody else would be told to compute while the stale value is there.
        if (found.IsStale && !(found.Left <= options.Computing))
        {
            server.Send(new KeyCall(server, isDelete: false, key, $" T{Seconds(options.Computing)}"));
        }

        Bytes value;
        StoreCall store;
        try
        {
            value = await compute();
            store = values.Store(key, server.Opaques, value, Seconds(ttl), StoreMode.Set, 0, found.Cas);
        }
        catch
        {
            await GiveUp(server, found.Cas);
            throw;
        }

        try
        {
            await server.Ask(store);
        }
        catch (Exception error) when (IsMiss(error))
        {
            // It is there for this caller all the same.
        }

        return value;
    }

    // The next who asks computes, instead of waiting for this one.
    private async Task GiveUp(MemcachedServer server, ulong cas)
    {
        try
        {
            await server.Ask(new KeyCall(server, isDelete: true, key, $" C{cas}"));
        }
        catch (Exception error) when (error is MemcachedErrorException || MemcachedServer.IsUnreachable(error))
        {
            // Its place is gone when the time for computing is over.
        }
    }

    private Found Read(in MemcachedReply reply) => new(
        reply.IsPlaceholder() ? null : values.Read(reply), reply.Number('c'), reply.HasWon(), reply.Has('X'), reply.TimeToLive());

    private string Seconds(Expiry time) => time.Seconds(servers.Hub.TimeProvider.GetUtcNow()).ToString(CultureInfo.InvariantCulture);

    private sealed record Found(Bytes? Value, ulong Cas, bool HasWon, bool IsStale, TimeSpan? Left);
}
