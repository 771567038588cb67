using System.IO.Compression;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What RFC 4013 wants to know of Unicode 3.2, wherever a process runs: with data of Unicode of its own or without.</summary>
/// <remarks>The file is written by eng/saslprep-tables.py, which says how it is made. Source: RFC 3454 and the Unicode character database 3.2.</remarks>
internal sealed class UnicodeTables
{
    private UnicodeTables(BinaryReader reader)
    {
        (Refused, Nothing, Spaces) = (new(reader), new(reader), new(reader));
        (RightToLeft, LeftToRight) = (new(reader), new(reader));
        var end = 0;
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            var first = end + reader.Read7BitEncodedInt();
            end = first + reader.Read7BitEncodedInt();
            var group = reader.Read7BitEncodedInt();
            for (var point = first; point < end; point++)
            {
                Classes.Add(point, group);
            }
        }

        var last = 0;
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            last += reader.Read7BitEncodedInt();
            var parts = new int[reader.Read7BitEncodedInt()];
            for (var i = 0; i < parts.Length; i++)
            {
                parts[i] = reader.Read7BitEncodedInt();
            }

            Parts.Add(last, parts);
        }

        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            Wholes.Add((reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt()), reader.Read7BitEncodedInt());
        }
    }

    /// <summary>Read when the first password needs it.</summary>
    public static UnicodeTables Instance => Tables.Read;

    /// <summary>What no password may hold, also as it has no meaning yet.</summary>
    public CodePoints Refused { get; }

    public CodePoints Nothing { get; }

    public CodePoints Spaces { get; }

    public CodePoints RightToLeft { get; }

    public CodePoints LeftToRight { get; }

    /// <summary>Of what combines with a letter before it: its class.</summary>
    public Dictionary<int, int> Classes { get; } = [];

    /// <summary>What something is put together of, down to what is not.</summary>
    public Dictionary<int, int[]> Parts { get; } = [];

    /// <summary>What two become together.</summary>
    public Dictionary<(int First, int Second), int> Wholes { get; } = [];

    private static class Tables
    {
        public static readonly UnicodeTables Read = Load();

        private static UnicodeTables Load()
        {
            using var file = typeof(UnicodeTables).Assembly.GetManifestResourceStream("stringprep.bin")!;
            using var inflated = new ZLibStream(file, CompressionMode.Decompress);
            using var reader = new BinaryReader(inflated);
            return new(reader);
        }
    }
}

/// <summary>A set of code points.</summary>
internal sealed class CodePoints
{
    // Where it begins, where it ends, where it begins again.
    private readonly int[] _bounds;

    public CodePoints(BinaryReader reader)
    {
        _bounds = new int[2 * reader.Read7BitEncodedInt()];
        var at = 0;
        for (var i = 0; i < _bounds.Length; i++)
        {
            _bounds[i] = at += reader.Read7BitEncodedInt();
        }
    }

    public bool Contains(int point)
    {
        var at = Array.BinarySearch(_bounds, point);
        return ((at >= 0 ? at + 1 : ~at) & 1) == 1;
    }
}
