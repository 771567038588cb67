using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Messages of MongoDB as bytes.</summary>
/// <remarks>Source: the driver specifications, <c>OP_MSG</c> and <c>OP_COMPRESSED</c>; MongoDB's wire protocol for what is older.</remarks>
public static class MongoCodec
{
    /// <summary>Bytes of a message at most, as long as a server does not say otherwise.</summary>
    public const int MaxLength = 48_000_000;

    internal const int HeaderLength = 16;
    internal const int MostSections = 64;

    private const MongoFlags Known = MongoFlags.Checksum | MongoFlags.MoreToCome;

    /// <summary>Reads a whole message.</summary>
    /// <param name="bytes">With its header. Must not change: documents are slices of it.</param>
    /// <param name="compressor">What was agreed upon.</param>
    /// <param name="maxLength">Bytes a compressed one may become.</param>
    /// <returns>The message; its documents have been checked as far as their lengths and ends go.</returns>
    /// <exception cref="ProtocolException">It is none.</exception>
    public static MongoMessage Decode(ReadOnlyMemory<byte> bytes, MongoCompressor compressor = MongoCompressor.None, int maxLength = MaxLength)
    {
        Header(bytes.Span, MaxLength);
        if (Int32(bytes, 0) != bytes.Length)
        {
            throw new ProtocolException($"A message of {Int32(bytes, 0)} bytes has {bytes.Length}.");
        }

        var (operation, body, numbers) = ((MongoOperation)Int32(bytes, 12), bytes[HeaderLength..], (Id: Int32(bytes, 4), To: Int32(bytes, 8)));
        if (operation != MongoOperation.Compressed)
        {
            return Decoded(operation, bytes, body) with { RequestId = numbers.Id, ResponseTo = numbers.To };
        }

        var (inner, inflated) = MongoCompression.Inflate(body, compressor, maxLength);
        return Decoded(inner, default, inflated) with { RequestId = numbers.Id, ResponseTo = numbers.To, Compressor = compressor };
    }

    /// <summary>Writes a message.</summary>
    /// <param name="message">With whatever its flags say.</param>
    /// <param name="output">Takes the bytes.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An old one has sections, or is compressed.</exception>
    public static void Write(MongoMessage message, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(output);
        if (message.Operation != MongoOperation.Message && (message.Sections.Count > 0 || message.Compressor != MongoCompressor.None))
        {
            throw new ArgumentException($"A {message.Operation} has no sections, and is not compressed.", nameof(message));
        }

        if (message is { Operation: MongoOperation.Message, Compressor: MongoCompressor.None, Sections.Count: 0 } && !message.Flags.HasFlag(MongoFlags.Checksum))
        {
            WriteBody(message, output);
            return;
        }

        var written = BsonOutput.Rent();
        Write(written, message);
        MongoCompression.Copy(written.Written, message.Compressor, output);
        written.Return();
    }

    /// <summary>Checks as much of a header as there is.</summary>
    internal static void Header(ReadOnlySpan<byte> bytes, int maxLength)
    {
        if (bytes.Length >= 4 && BinaryPrimitives.ReadInt32LittleEndian(bytes) is var length && length < HeaderLength)
        {
            throw new ProtocolException($"A message says that it has {length} bytes, and its header alone has {HeaderLength}.");
        }

        if (bytes.Length >= 4 && BinaryPrimitives.ReadInt32LittleEndian(bytes) is var announced && announced > maxLength)
        {
            throw new FrameTooLongException(announced, maxLength);
        }

        if (bytes.Length >= HeaderLength && !Enum.IsDefined((MongoOperation)BinaryPrimitives.ReadInt32LittleEndian(bytes[12..])))
        {
            throw new ProtocolException($"There is no operation {BinaryPrimitives.ReadInt32LittleEndian(bytes[12..])}: what arrived is no message of MongoDB.");
        }
    }

    private static MongoMessage Decoded(MongoOperation operation, ReadOnlyMemory<byte> whole, ReadOnlyMemory<byte> body) => operation switch
    {
        MongoOperation.Message => Message(whole, body),
        MongoOperation.Query => Query(body),
        MongoOperation.Reply => Reply(body),
        _ => throw new ProtocolException($"A compressed message holds {(operation == MongoOperation.Compressed ? "another one" : $"an operation {(int)operation}")}."),
    };

    // OP_MSG: uint32 flagBits, sections, optional uint32 checksum
    private static MongoMessage Message(ReadOnlyMemory<byte> whole, ReadOnlyMemory<byte> body)
    {
        var flags = (MongoFlags)Int32(body, 0);
        if (((int)flags & 0xffff & ~(int)Known) != 0)
        {
            throw new ProtocolException($"A message has flags that are not known: 0x{(int)flags:x8}.");
        }

        var sections = body[4..];
        if (flags.HasFlag(MongoFlags.Checksum))
        {
            // Of a compressed one nobody knows what the sum was made of.
            sections = whole.IsEmpty ? sections[..^Math.Min(4, sections.Length)] : Summed(whole, sections);
        }

        return Sections(sections, flags);
    }

    private static ReadOnlyMemory<byte> Summed(ReadOnlyMemory<byte> whole, ReadOnlyMemory<byte> sections)
    {
        if (sections.Length < 4)
        {
            throw new ProtocolException("A message with a checksum has none.");
        }

        var (sum, sent) = (Crc32C.Of(whole.Span[..^4]), (uint)Int32(whole, whole.Length - 4));
        return sum == sent ? sections[..^4] : throw new ProtocolException($"A message's checksum is 0x{sent:x8}, of its bytes it is 0x{sum:x8}.");
    }

    private static MongoMessage Sections(ReadOnlyMemory<byte> bytes, MongoFlags flags)
    {
        RawBson? body = null;
        List<MongoSection>? sections = null;
        while (!bytes.IsEmpty)
        {
            var kind = bytes.Span[0];
            bytes = bytes[1..];
            if (kind == 0)
            {
                var length = BsonWalk.Check(bytes.Span);
                body = body is null ? new RawBson(bytes[..length]) : throw new ProtocolException("A message has two bodies.");
                bytes = bytes[length..];
            }
            else if (kind == 1)
            {
                (sections ??= []).Add(Section(ref bytes, sections));
            }
            else
            {
                throw new ProtocolException($"A message has a section of kind {kind}, which is not known.");
            }
        }

        return new() { Flags = flags, Body = body ?? throw new ProtocolException("A message has no body."), Sections = sections ?? (IReadOnlyList<MongoSection>)[] };
    }

    // kind 1: int32 size (itself included), cstring identifier, documents
    private static MongoSection Section(ref ReadOnlyMemory<byte> bytes, List<MongoSection>? others)
    {
        var size = Int32(bytes, 0);
        if (size < 5 || size > bytes.Length)
        {
            throw new ProtocolException($"A section says that it has {size} bytes, where there are {bytes.Length}.");
        }

        var (rest, end) = (bytes[4..size], bytes.Span[4..size].IndexOf((byte)0));
        bytes = bytes[size..];
        if (end < 0)
        {
            throw new ProtocolException("The name of a section has no end.");
        }

        var name = Encoding.UTF8.GetString(rest.Span[..end]);
        if (others is { Count: > MostSections } || others?.Exists(other => other.Name == name) == true)
        {
            throw new ProtocolException(others.Count > MostSections ? $"A message has more than {MostSections} sections." : "A message has two sections of one name.");
        }

        return new(name, Documents(rest[(end + 1)..]));
    }

    private static List<RawBson> Documents(ReadOnlyMemory<byte> bytes)
    {
        var documents = new List<RawBson>();
        while (!bytes.IsEmpty)
        {
            var length = BsonWalk.Check(bytes.Span);
            documents.Add(new RawBson(bytes[..length]));
            bytes = bytes[length..];
        }

        return documents;
    }

    // OP_QUERY: int32 flags, cstring fullCollectionName, int32 numberToSkip, int32 numberToReturn, document query, optional document
    private static MongoMessage Query(ReadOnlyMemory<byte> body)
    {
        var end = body.Length > 4 ? body.Span[4..].IndexOf((byte)0) : -1;
        if (end < 0 || body.Length - 4 - end - 9 < BsonWalk.Shortest)
        {
            throw new ProtocolException("A query is cut short.");
        }

        var query = body[(4 + end + 9)..];
        return new() { Operation = MongoOperation.Query, Collection = Encoding.UTF8.GetString(body.Span.Slice(4, end)), Body = new(query[..BsonWalk.Check(query.Span)]) };
    }

    // OP_REPLY: int32 flags, int64 cursorID, int32 startingFrom, int32 numberReturned, documents
    private static MongoMessage Reply(ReadOnlyMemory<byte> body) => body.Length > 20 && Int32(body, 16) == 1
        ? new() { Operation = MongoOperation.Reply, Body = RawBson.Parse(body[20..]) }
        : throw new ProtocolException("An old reply has not one document: it answers nothing that was asked.");

    // Nothing of it is known only when all is written: it is not copied twice.
    private static void WriteBody(MongoMessage message, IBufferWriter<byte> output)
    {
        const int before = HeaderLength + 4 + 1;
        var head = output.GetSpan(before);
        BinaryPrimitives.WriteInt32LittleEndian(head, before + message.Body.Memory.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], message.RequestId);
        BinaryPrimitives.WriteInt32LittleEndian(head[8..], message.ResponseTo);
        BinaryPrimitives.WriteInt32LittleEndian(head[12..], (int)MongoOperation.Message);
        BinaryPrimitives.WriteInt32LittleEndian(head[HeaderLength..], (int)message.Flags);
        head[before - 1] = 0;
        output.Advance(before);
        output.Write(message.Body.Memory.Span);
    }

    private static void Write(BsonOutput output, MongoMessage message)
    {
        var begin = output.Length;
        output.Int32(0);
        output.Int32(message.RequestId);
        output.Int32(message.ResponseTo);
        output.Int32((int)message.Operation);
        switch (message.Operation)
        {
            case MongoOperation.Message:
                output.Int32((int)message.Flags);
                output.Byte(0);
                output.Bytes(message.Body.Memory.Span);
                WriteSections(output, message.Sections);
                break;
            case MongoOperation.Query:
                output.Int32(0);
                output.Bytes(Encoding.UTF8.GetBytes(message.Collection + '\0'));
                output.Int32(0);
                output.Int32(-1);
                output.Bytes(message.Body.Memory.Span);
                break;
            default:
                // That the server can wait (8), no cursor, from 0, 1 document.
                output.Int32(8);
                output.Int64(0);
                output.Int32(0);
                output.Int32(1);
                output.Bytes(message.Body.Memory.Span);
                break;
        }

        var isSummed = message.Operation == MongoOperation.Message && message.Flags.HasFlag(MongoFlags.Checksum);
        output.Patch(begin, output.Length - begin + (isSummed ? 4 : 0));
        if (isSummed)
        {
            output.Int32((int)Crc32C.Of(output.Written[begin..]));
        }
    }

    private static void WriteSections(BsonOutput output, IReadOnlyList<MongoSection> sections)
    {
        foreach (var (name, documents) in sections)
        {
            output.Byte(1);
            var begin = output.Length;
            output.Int32(0);
            output.Bytes(Encoding.UTF8.GetBytes(name + '\0'));
            foreach (var document in documents)
            {
                output.Bytes(document.Memory.Span);
            }

            output.Patch(begin, output.Length - begin);
        }
    }

    private static int Int32(ReadOnlyMemory<byte> bytes, int at) => bytes.Length >= at + 4
        ? BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[at..])
        : throw new ProtocolException("A message is cut short.");
}
