using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Encoding as an operator.</summary>
public static class CodecExtensions
{
    /// <summary>Turns values into bytes, one chunk for each: <c>values.Encode(codec).Subscribe(connection)</c> sends them.</summary>
    /// <typeparam name="T">What is encoded.</typeparam>
    /// <param name="source">Hot or cold.</param>
    /// <param name="codec">What a value becomes; <see cref="FramingExtensions.Decode{T}"/> with the same one gives the values back.</param>
    /// <returns>One frame per value, each in memory of its own; ends with the source. Hot or cold as the source is.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <remarks>Errors: those of the source; <see cref="ArgumentException"/> for a value that the codec refuses, behind the frames before
    /// it. Scheduler: none, notifications arrive where the values do. Marble: marbles/encode.marble.</remarks>
    public static IObservable<ReadOnlyMemory<byte>> Encode<T>(this IObservable<T> source, Codec<T> codec)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(codec);
        return source.Select(codec.Encode);
    }
}
