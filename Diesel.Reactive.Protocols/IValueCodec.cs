using System.Buffers;

namespace Diesel.Reactive.Protocols;

/// <summary>Turns values into bytes and back: how a client stores your types.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <remarks>Shared by all callers, so it remembers nothing. Those to start from are in <see cref="ValueCodec"/>.</remarks>
public interface IValueCodec<T>
{
    /// <summary>Writes a value.</summary>
    /// <param name="value">What to store.</param>
    /// <param name="output">Takes the bytes.</param>
    void Write(T value, IBufferWriter<byte> output);

    /// <summary>Reads a value.</summary>
    /// <param name="bytes">All bytes of one value; they do not change.</param>
    /// <returns>The value; it may refer to the bytes.</returns>
    /// <remarks>What it throws for bytes that are no value is the caller's error.</remarks>
    T Read(ReadOnlyMemory<byte> bytes);
}
