using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>What the cases of framings are drawn with.</summary>
internal sealed class FramingDraw(int seed)
{
    private readonly Random _random = new(seed);

    public int Number(int from, int to) => _random.Next(from, to + 1);

    public bool Coin() => _random.Next(2) == 0;

    public ulong Integer() => (ulong)_random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(64);

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Bytes of few kinds, among which lengths and counts are likely.</summary>
    public byte[] Few(int count) => [.. Enumerable.Range(0, count).Select(_ => (byte)Number(0, 4))];

    /// <summary>Letters of an alphabet in which delimiters, and parts of them, are likely.</summary>
    public string Text(string alphabet, int shortest, int longest) =>
        new([.. Enumerable.Range(0, Number(shortest, longest)).Select(_ => alphabet[Number(0, alphabet.Length - 1)])]);

    public byte[] Frame(string alphabet, int longest, string delimiter)
    {
        var text = Text(alphabet, 0, longest) + delimiter;
        return Encoding.ASCII.GetBytes(text[..(text.IndexOf(delimiter, StringComparison.Ordinal) + delimiter.Length)]);
    }

    public T[] Some<T>(Func<T> draw) => Enumerable.Range(0, Number(0, 6)).Select(_ => draw()).ToArray();
}
