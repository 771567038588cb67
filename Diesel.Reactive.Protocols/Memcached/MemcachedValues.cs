using System.Globalization;
using System.IO.Compression;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>Values as they are kept: compressed where that pays, and checked before they are sent.</summary>
internal sealed class MemcachedValues(MemcachedOptions options)
{
    /// <summary>The value in a reply; null: somebody is computing it.</summary>
    public Bytes? Read(in MemcachedReply reply)
    {
        if (reply.IsPlaceholder())
        {
            return null;
        }

        return (reply.Number('f') & MemcachedFlags.Zlib) == 0 ? new Bytes(reply.Value) : Inflated(reply.Value);
    }

    public MemcachedItem? ReadItem(in MemcachedReply reply) => Read(reply) is { } value
        ? new(value, (uint)reply.Number('f'), reply.Number('c'), reply.TimeToLive(), reply.Has('X'))
        : null;

    /// <summary>As <see cref="ReadItem"/>, but for one that is known.</summary>
    public MemcachedItem? ReadChanged(in MemcachedReply reply, ulong known) =>
        reply.Kind == MemcachedReplyKind.Header || ReadItem(reply) is not { } item || item.Cas == known ? null : item;

    /// <summary>Makes a command that stores a value.</summary>
    /// <exception cref="ArgumentException">It is too large.</exception>
    public StoreCall Store(MemcachedKey key, MemcachedOpaques opaques, Bytes value, string seconds, StoreMode mode, uint flags, ulong? cas, ulong? newCas = null)
    {
        if (options.CompressAbove is { } above && value.Length > above && mode is not (StoreMode.Append or StoreMode.Prepend) && Deflated(value) is { } smaller)
        {
            (value, flags) = (smaller, flags | MemcachedFlags.Zlib);
        }

        if (value.Length > options.Limits.MaxValue)
        {
            throw new ArgumentException(
                $"A value has at most {options.Limits.MaxValue} bytes, this one has {value.Length}. If the server takes more ('-I'), raise {nameof(MemcachedLimits)}.{nameof(MemcachedLimits.MaxValue)}.", nameof(value));
        }

        var how = mode switch { StoreMode.Add => " ME", StoreMode.Replace => " MR", StoreMode.Append => " MA", StoreMode.Prepend => " MP", _ => "" };
        var kept = mode is StoreMode.Append or StoreMode.Prepend ? "" : string.Create(CultureInfo.InvariantCulture, $" T{seconds} F{flags}");
        return new StoreCall(key, opaques, value.Memory, string.Create(CultureInfo.InvariantCulture, $"{how}{kept}{(cas is null ? "" : $" C{cas}")}{(newCas is null ? "" : $" E{newCas}")}").ToFlags()) { NewFlag = newCas is null ? null : 'E' };
    }

    /// <summary>What <c>me</c> tells: <c>ME key name=value …</c>.</summary>
    public static IReadOnlyDictionary<string, string>? ReadInfo(MemcachedReply reply) => reply.Kind != MemcachedReplyKind.Info ? null
        : reply.ToString().Split(' ').Skip(2).Select(static pair => pair.Split('=', 2)).Where(static pair => pair.Length == 2)
            .DistinctBy(static pair => pair[0]).ToDictionary(static pair => pair[0], static pair => pair[1]);

    private static Bytes? Deflated(Bytes value)
    {
        using var output = new MemoryStream();
        using (var zlib = new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(value.Span);
        }

        return output.Length < value.Length ? new Bytes(output.ToArray()) : default(Bytes?);
    }

    private Bytes Inflated(ReadOnlyMemory<byte> value)
    {
        using var zlib = new ZLibStream(new MemoryStream(value.ToArray(), writable: false), CompressionMode.Decompress);
        using var output = new MemoryStream();
        var some = new byte[16 * 1024];
        for (int count; (count = zlib.Read(some)) > 0;)
        {
            output.Write(some, 0, count);
            if (output.Length > options.MaxInflated)
            {
                throw new InvalidDataException($"A compressed value is larger than {options.MaxInflated} bytes. Raise {nameof(MemcachedOptions)}.{nameof(MemcachedOptions.MaxInflated)} to allow it.");
            }
        }

        return new Bytes(output.ToArray());
    }
}
