using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Diesel.Reactive.Benchmarks.Echo;

/// <summary>
/// An endless tape of 64-byte lines, 1024 different ones over and over. What a connection sends next and what it
/// must get back are slices of it, so the generator copies nothing and checks every byte with one comparison.
/// </summary>
internal sealed unsafe class LineTape : IDisposable
{
    public const int LineLength = 64;
    const int Lines = 1024;
    const int Length = Lines * LineLength;

    /// <summary>The longest slice: the tape goes on that far behind its end.</summary>
    public const int MaxSlice = Length;

    readonly byte* _bytes = (byte*)NativeMemory.Alloc(2 * Length);

    public LineTape()
    {
        var tape = new Span<byte>(_bytes, 2 * Length);
        for (var i = 0; i < 2 * Lines; i++)
        {
            Line(i % Lines).CopyTo(tape[(i * LineLength)..]);
        }
    }

    /// <summary>Where the tape holds the byte of that position.</summary>
    public byte* At(long position) => _bytes + (position % Length);

    public void Dispose() => NativeMemory.Free(_bytes);

    static byte[] Line(int number)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"line {number:D4} ");
        var letters = Enumerable.Range(0, LineLength - 2 - text.Length).Select(i => (char)('a' + ((number + i) % 26)));
        return Encoding.ASCII.GetBytes(text + string.Concat(letters) + "\r\n");
    }
}
