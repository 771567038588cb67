namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Messages as bytes, both ways: RFC 1035, section 4, RFC 3597, RFC 6891.</summary>
public static class DnsCodec
{
    /// <summary>Reads a message.</summary>
    /// <param name="bytes">The whole of it; what follows the last record is ignored, as elsewhere.</param>
    /// <returns>The message.</returns>
    /// <exception cref="ProtocolException">It is none: it ends too early, a name or the data of a record is wrong, OPT is there twice or not of the root.</exception>
    /// <remarks>The work is linear, and nothing is allocated by a count that a peer only claims.</remarks>
    public static DnsMessage Decode(ReadOnlySpan<byte> bytes) => DnsMessageReader.Read(bytes);

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message.</param>
    /// <returns>Its bytes; at most 65 535.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is null.</exception>
    /// <exception cref="ArgumentException">It is longer, or has a response code that needs EDNS, and none.</exception>
    public static byte[] Encode(DnsMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if ((int)message.ResponseCode > 15 && message.Edns is null)
        {
            throw new ArgumentException($"The response code {message.ResponseCode} has room in EDNS only.", nameof(message));
        }

        var writer = new DnsWriter();
        DnsMessageWriter.Write(message, writer, int.MaxValue);
        return writer.Length <= ushort.MaxValue ? writer.Written.ToArray() : throw new ArgumentException($"A message of {writer.Length} bytes is longer than 65 535.", nameof(message));
    }
}
