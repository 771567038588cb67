using System.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>One reply of a memcached server: a line, and the value behind it if there is one.</summary>
/// <param name="Kind">What its first word says.</param>
/// <param name="Line">The line, without its end. A slice of what was received; it does not change.</param>
/// <param name="Value">The value, without its end; empty where there is none.</param>
/// <remarks>Source: memcached's <c>doc/protocol.txt</c>.</remarks>
public readonly record struct MemcachedReply(MemcachedReplyKind Kind, ReadOnlyMemory<byte> Line, ReadOnlyMemory<byte> Value = default)
{
    /// <summary>Whether the server said no.</summary>
    public bool IsError => Kind >= MemcachedReplyKind.Error;

    /// <summary>The words of the line, the first one included.</summary>
    internal MemcachedWords Words => new(Line.Span);

    /// <summary>Looks for a flag of a meta reply.</summary>
    /// <param name="letter">Which: <c>'c'</c>, <c>'t'</c>. They come in any order.</param>
    /// <param name="token">What stands behind the letter; may be empty.</param>
    /// <returns>Whether it is there.</returns>
    public bool TryGetFlag(char letter, out ReadOnlySpan<byte> token)
    {
        var words = Words;

        // The code, and of a value its size.
        words.MoveNext();
        if (Kind == MemcachedReplyKind.Value)
        {
            words.MoveNext();
        }

        while (words.MoveNext())
        {
            if (words.Current[0] == letter)
            {
                token = words.Current[1..];
                return true;
            }
        }

        token = default;
        return false;
    }

    /// <summary>The line as text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Line.Span);
}
