namespace Diesel.Reactive.Protocols.Riak;

/// <summary>The conflicts of a bucket's keys: each decided once, for all who meet it. The hub's thread only.</summary>
/// <typeparam name="T">The values.</typeparam>
internal sealed class Conflicts<T>(RiakBucket bucket, RiakClient riak, Resolver<T> resolver, IValueCodec<T> codec, BucketOptions options)
{
    // Others may store on and on: what is decided is told then, and stays to be decided again.
    private const int MostRounds = 10;

    private readonly GetOptions _reading = options.Reading with { DeletedVClock = true };
    private readonly KeyMemory<T> _memory = new(options.MaxRemembered);
    private long _time;

    /// <summary>Reads a value, decided where it has to be.</summary>
    public async Task<T?> Read(string key)
    {
        var began = ++_time;
        return await Decide(key, await riak.Get(bucket, key, _reading), began);
    }

    /// <summary>What a key has, of what was just stored.</summary>
    public Task<T?> Decide(string key, RiakObject stored) => Decide(key, stored, ++_time);

    // Of what was read, or stored, since some time.
    private async Task<T?> Decide(string key, RiakObject found, long began)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var known = _memory.Of(key);
            if (!found.HasSiblings)
            {
                known.VClock = found.VClock ?? known.VClock;
                return found.Value is { } value ? codec.Read(value.Memory) : default;
            }

            if (known.Resolution is { } decision && decision.Decides(found.VClock, began))
            {
                return await decision.Outcome;
            }

            if (known.Resolution is not { Ended: null } other)
            {
                return await Begin(known, found);
            }

            // Of another conflict of the same key: what comes of that is read.
            await Over(other);
            (began, found) = (++_time, await riak.Get(bucket, key, _reading));
        }

        return Decided(found);
    }

    private Task<T?> Begin(KeyMemory<T>.Remembered known, RiakObject found)
    {
        var told = new TaskCompletionSource<T?>();
        var decision = new Resolution<T>(found.VClock) { Outcome = told.Task };
        known.Resolution = decision;

        // Whoever began it may leave; the others wait for it all the same.
        riak.Hub.Fork(
            async () =>
            {
                try
                {
                    var value = await Save(known, found);
                    decision.Ended = ++_time;
                    told.SetResult(value);
                }
                catch (Exception error)
                {
                    decision.Ended = ++_time;
                    told.SetException(error);
                }
            },
            $"resolving {bucket}/{known.Key}");
        return told.Task;
    }

    private async Task<T?> Save(KeyMemory<T>.Remembered known, RiakObject found)
    {
        for (var round = 0; ; round++)
        {
            known.VClock = found.VClock;
            if (found.Contents.All(static one => one.IsDeleted == true))
            {
                return default;
            }

            var value = Decided(found)!;
            if (round == MostRounds)
            {
                return value;
            }

            if (round > 0)
            {
                await riak.Hub.Sleep(TimeSpan.FromMilliseconds(Random.Shared.Next(1 << round)));
            }

            found = await riak.Put(bucket, known.Key, ContentOf(value), found.VClock, returnBody: true, options.Writing);
            if (!found.HasSiblings)
            {
                known.VClock = found.VClock ?? known.VClock;
                return value;
            }
        }
    }

    // What was deleted knows nothing to decide: the rest stands.
    private T? Decided(RiakObject found)
    {
        var siblings = found.Contents.Where(static one => one.IsDeleted != true)
            .Select(one => new Sibling<T>(codec.Read(one.Value.Memory), one.LastModified ?? DateTimeOffset.UnixEpoch, one)).ToArray();
        return siblings.Length switch
        {
            0 => default,
            1 => siblings[0].Value,
            _ => resolver(siblings),
        };
    }

    /// <summary>What is known of a key, when nothing is being decided: a put in the middle of that would be one more sibling.</summary>
    public async Task<KeyMemory<T>.Remembered> Settled(string key)
    {
        var known = _memory.Of(key);
        while (known.Resolution is { Ended: null } decision)
        {
            await Over(decision);
        }

        return known;
    }

    private static async Task Over(Resolution<T> decision)
    {
        try
        {
            await decision.Outcome;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // It is told to those who have asked for it.
        }
    }

    /// <summary>A value as it is stored.</summary>
    public RiakContent ContentOf(T value) => new(codec.Encode(value)) { ContentType = options.ContentType };
}
