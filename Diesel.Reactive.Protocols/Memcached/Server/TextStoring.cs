namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>A classic command that stores a value: <c>set key flags exptime bytes [noreply]</c> and its likes.</summary>
internal readonly ref struct TextStoring
{
    public StoreMode Mode { get; private init; }

    public ReadOnlySpan<byte> Key { get; private init; }

    public uint Flags { get; private init; }

    public long Expires { get; private init; }

    /// <summary>What the item's must be; null: anything.</summary>
    public ulong? Cas { get; private init; }

    /// <summary>Of the value.</summary>
    public long Size { get; private init; }

    public bool IsQuiet { get; private init; }

    /// <summary>Reads a line.</summary>
    /// <returns>False: it is none, or not as it should be, and no value follows.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, out TextStoring storing)
    {
        storing = default;
        var words = new MemcachedWords(line);
        var command = words.Next();
        if (ModeOf(command) is not { } mode)
        {
            return false;
        }

        var key = words.Next();
        if (key.IsEmpty || key.Length > MemcachedKey.MostWritten || !TextNumbers.TryFlags(words.Next(), out var flags) || !TextNumbers.TryNumber(words.Next(), out var expires)
            || !TextNumbers.TryNumber(words.Next(), out var size) || size is < 0 or > int.MaxValue - 2)
        {
            return false;
        }

        var withCas = command.SequenceEqual("cas"u8);
        var cas = 0ul;
        if (withCas && !TextNumbers.TryUnsigned(words.Next(), out cas))
        {
            return false;
        }

        var isQuiet = words.MoveNext() && words.Current.SequenceEqual("noreply"u8);
        if (words.MoveNext())
        {
            return false;
        }

        storing = new() { Mode = mode, Key = key, Flags = flags, Expires = expires, Cas = withCas ? cas : null, Size = size, IsQuiet = isQuiet };
        return true;
    }

    /// <summary>Whether a line is meant to be one: a command of that name with as many words.</summary>
    public static bool IsMeant(ReadOnlySpan<byte> command, int words) => ModeOf(command) is not null && words - (command.SequenceEqual("cas"u8) ? 6 : 5) is 0 or 1;

    private static StoreMode? ModeOf(ReadOnlySpan<byte> command) =>
        command.SequenceEqual("set"u8) || command.SequenceEqual("cas"u8) ? StoreMode.Set
        : command.SequenceEqual("add"u8) ? StoreMode.Add
        : command.SequenceEqual("replace"u8) ? StoreMode.Replace
        : command.SequenceEqual("append"u8) ? StoreMode.Append
        : command.SequenceEqual("prepend"u8) ? StoreMode.Prepend
        : null;
}
