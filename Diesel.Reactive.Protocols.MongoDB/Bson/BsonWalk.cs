using System.Buffers.Binary;
using System.Numerics;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Goes through a document that a peer sent, before anybody else does: without recursion, as deep as a document may be and no deeper.</summary>
/// <remarks>MongoDB.Bson's own reader takes a level of the stack for each level of a document, and the process with it. What is inside of values
/// (UTF-8, names that are there twice) is left to it. Source: bsonspec.org, version 1.1.</remarks>
internal static class BsonWalk
{
    /// <summary>Documents in one another, the outermost included.</summary>
    public const int MaxDepth = 200;

    /// <summary>The shortest document: its length and its end.</summary>
    public const int Shortest = 5;

    /// <summary>Checks the document that begins the bytes.</summary>
    /// <param name="bytes">May go on behind it.</param>
    /// <returns>Its length in bytes.</returns>
    /// <exception cref="ProtocolException">It is none.</exception>
    public static int Check(ReadOnlySpan<byte> bytes)
    {
        Span<int> ends = stackalloc int[MaxDepth];
        var (depth, at) = (0, 0);
        Enter(bytes, ref at, bytes.Length, ends, ref depth);
        while (true)
        {
            var end = ends[depth - 1];
            var type = bytes[at++];
            if (type != 0)
            {
                at = AfterName(bytes, at, end);
                Value(bytes, type, ref at, end, ends, ref depth);
            }
            else if (at != end)
            {
                throw Wrong($"a document ends {end - at} bytes before its length says so");
            }
            else if (--depth == 0)
            {
                return at;
            }
        }
    }

    /// <summary>Where the value of an element of a checked document ends.</summary>
    public static int AfterValue(ReadOnlySpan<byte> bytes, byte type, int at) => type switch
    {
        0x03 or 0x04 or 0x0f => at + Int32(bytes, at),
        0x02 or 0x0d or 0x0e => at + 4 + Int32(bytes, at),
        0x0c => at + 16 + Int32(bytes, at),
        0x05 => at + 5 + Int32(bytes, at),
        0x0b => AfterName(bytes, AfterName(bytes, at, bytes.Length), bytes.Length),
        _ => at + Fixed(type),
    };

    /// <summary>Behind the zero that ends a name.</summary>
    public static int AfterName(ReadOnlySpan<byte> bytes, int at, int end)
    {
        // Most names are short: of eight bytes at once the lowest that is zero. Source: "Bit Twiddling Hacks", a byte that is zero.
        if (at + sizeof(ulong) < end)
        {
            var eight = BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
            var zeros = (eight - 0x0101010101010101) & ~eight & 0x8080808080808080;
            if (zeros != 0)
            {
                return at + (BitOperations.TrailingZeroCount(zeros) / 8) + 1;
            }
        }

        // A document's last byte is its own end, and no name's.
        var length = bytes[at..(end - 1)].IndexOf((byte)0);
        return length >= 0 ? at + length + 1 : throw Wrong("a name or a pattern has no end");
    }

    public static int Int32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private static void Value(ReadOnlySpan<byte> bytes, byte type, ref int at, int end, Span<int> ends, ref int depth)
    {
        switch (type)
        {
            case 0x03 or 0x04:
                Enter(bytes, ref at, end - 1, ends, ref depth);
                break;
            case 0x02 or 0x0d or 0x0e:
                at = AfterText(bytes, at, end);
                break;
            case 0x0c:
                at = Within(AfterText(bytes, at, end), 12, end);
                break;
            case 0x05:
                at = AfterBinary(bytes, at, end);
                break;
            case 0x0b:
                at = AfterName(bytes, AfterName(bytes, at, end), end);
                break;
            case 0x0f:
                EnterScope(bytes, ref at, end, ends, ref depth);
                break;
            case 0x08:
                at = Within(at, 1, end);
                if (bytes[at - 1] > 1)
                {
                    throw Wrong($"a boolean is {bytes[at - 1]}");
                }

                break;
            default:
                at = Within(at, Fixed(type), end);
                break;
        }
    }

    private static int Fixed(byte type) => type switch
    {
        0x01 or 0x09 or 0x11 or 0x12 => 8,
        0x06 or 0x0a or 0x7f or 0xff => 0,
        0x07 => 12,
        0x08 => 1,
        0x10 => 4,
        0x13 => 16,
        _ => throw Wrong($"there is no type 0x{type:x2}"),
    };

    // document ::= int32 e_list unsigned_byte(0)
    private static void Enter(ReadOnlySpan<byte> bytes, ref int at, int most, Span<int> ends, ref int depth)
    {
        var length = Length(bytes, at, most, Shortest);
        if (bytes[at + length - 1] != 0)
        {
            throw Wrong("a document has no end where its length says so");
        }

        if (depth == MaxDepth)
        {
            throw Wrong($"documents are more than {MaxDepth} levels inside one another");
        }

        ends[depth++] = at + length;
        at += 4;
    }

    // code_w_s ::= int32 string document
    private static void EnterScope(ReadOnlySpan<byte> bytes, ref int at, int end, Span<int> ends, ref int depth)
    {
        var whole = at + Length(bytes, at, end - 1, 4 + 5 + Shortest);
        at = AfterText(bytes, at + 4, whole);
        if (Length(bytes, at, whole, Shortest) != whole - at)
        {
            throw Wrong("code with a scope has another length than its parts");
        }

        Enter(bytes, ref at, whole, ends, ref depth);
    }

    // string ::= int32 (byte*) unsigned_byte(0)
    private static int AfterText(ReadOnlySpan<byte> bytes, int at, int end)
    {
        var length = Length(bytes, at, end - 5, 1);
        at += 4 + length;
        return bytes[at - 1] == 0 ? at : throw Wrong("a string has no end where its length says so");
    }

    // binary ::= int32 subtype (byte*); subtype 2 has its length a second time.
    private static int AfterBinary(ReadOnlySpan<byte> bytes, int at, int end)
    {
        var length = Length(bytes, at, end - 6, 0);
        at += 5 + length;
        return bytes[at - length - 1] != 2 || (length >= 4 && Int32(bytes, at - length) == length - 4)
            ? at
            : throw Wrong("an old binary value has another length inside than outside");
    }

    private static int Length(ReadOnlySpan<byte> bytes, int at, int most, int least)
    {
        Within(at, 4, bytes.Length + 1);
        var length = Int32(bytes, at);
        return length >= least && length <= most - at ? length : throw Wrong($"a length is {length}, where it may be {least} to {Math.Max(most - at, 0)}");
    }

    private static int Within(int at, int count, int end) => at + count < end ? at + count : throw Wrong("a value goes past the end of its document");

    private static ProtocolException Wrong(string what) => new($"What arrived is no BSON: {what}.");
}
