using System.Net.Http.Headers;
using System.Text;
using System.Text.Unicode;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Names and values of fields as strings. A server's answers have the same fields in the same order, most with the values of the one
/// before: those are the same strings again.</summary>
/// <remarks>On one hub's thread.</remarks>
internal sealed class HttpFieldNames
{
    private const int MostFields = 32;
    private const int MostOfValue = 128;

    private readonly Known[] _last = new Known[MostFields];
    private string _reason = "";

    /// <summary>Adds all fields, each to where HttpClient has it.</summary>
    public void Add(HttpHeaders fields, HttpResponseHeaders headers, HttpContentHeaders contents)
    {
        var place = 0;
        var none = default(Known);
        foreach (var field in fields)
        {
            ref var known = ref place < MostFields ? ref _last[place++] : ref none;
            if (!Ascii.Equals(field.NameBytes.Span, known.Name))
            {
                known = new Known { Name = field.Name };
            }

            var value = known.Value is { } last && Ascii.Equals(field.ValueBytes.Span, last) ? last : TextOf(field.ValueBytes.Span);
            known.Value = field.ValueBytes.Length <= MostOfValue ? value : null;

            // One that says something of the body is refused by the others: once is enough.
            known.IsOfContent = known.IsOfContent || !headers.TryAddWithoutValidation(known.Name!, value);
            if (known.IsOfContent)
            {
                contents.TryAddWithoutValidation(known.Name!, value);
            }
        }
    }

    public string Reason(HttpResponseHead head)
    {
        var bytes = head.ReasonBytes.Span;
        return Ascii.Equals(bytes, _reason) ? _reason : _reason = head.Reason;
    }

    // .NET's client reads Latin-1, servers say UTF-8: what is that is read as that, and nothing is lost of the rest.
    private static string TextOf(ReadOnlySpan<byte> value) => (Utf8.IsValid(value) ? Encoding.UTF8 : Encoding.Latin1).GetString(value);

    private struct Known
    {
        public string? Name;
        public string? Value;
        public bool IsOfContent;
    }
}
