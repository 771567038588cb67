using System.Buffers;
using System.Net.Http.Headers;
using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Writes .NET's headers as the lines they are in a message; allocates nothing for none.</summary>
internal struct HttpFieldLines
{
    private ArrayBufferWriter<byte>? _lines;

    public readonly HttpHeaders Headers => _lines is null ? default : new HttpHeaders(_lines.WrittenMemory);

    /// <summary>Adds a field with all its values.</summary>
    /// <exception cref="ArgumentException">One of them is none: a line end in it would be another field.</exception>
    public void Add(string name, HeaderStringValues values, ReadOnlySpan<string> but)
    {
        foreach (var other in but)
        {
            if (other.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return;
            }
        }

        // Servers read several Cookie fields and several of User-Agent's products in their own ways: these stay in one line.
        if (values.Count == 1)
        {
            foreach (var value in values)
            {
                Add(name, value);
            }
        }
        else
        {
            Add(name, string.Join(SeparatorOf(name), values));
        }
    }

    private static string SeparatorOf(string name) => name switch
    {
        _ when name.Equals("Cookie", StringComparison.OrdinalIgnoreCase) => "; ",
        _ when name.Equals("User-Agent", StringComparison.OrdinalIgnoreCase) => " ",
        _ => ", ",
    };

    private void Add(string name, string value)
    {
        const int Most = 256;
        _lines ??= new ArrayBufferWriter<byte>(Most);
        var room = _lines.GetSpan(name.Length + Encoding.UTF8.GetMaxByteCount(value.Length) + 4);
        _lines.Advance(HttpHeaders.Write(room, name, value));
    }
}
