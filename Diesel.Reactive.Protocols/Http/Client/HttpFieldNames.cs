using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Names and values of fields as strings. A server's answers have the same fields in the same order, most with the values of the one
/// before: those are the same strings again.</summary>
/// <remarks>On one hub's thread.</remarks>
internal sealed class HttpFieldNames
{
    private const int MostFields = 32;
    private const int MostOfValue = 128;

    private readonly (string Name, string Value)[] _last = new (string, string)[MostFields];
    private string _reason = "";

    public (string Name, string Value) Of(int place, HttpField field)
    {
        if (place >= MostFields)
        {
            return (field.Name, field.Value);
        }

        ref var last = ref _last[place];
        var name = last.Name is not null && Ascii.Equals(field.NameBytes.Span, last.Name) ? last.Name : field.Name;
        var value = last.Value is not null && Ascii.Equals(field.ValueBytes.Span, last.Value) ? last.Value : field.Value;
        last = (name, field.ValueBytes.Length <= MostOfValue ? value : "");
        return (name, value);
    }

    public string Reason(HttpResponseHead head)
    {
        var bytes = head.ReasonBytes.Span;
        return Ascii.Equals(bytes, _reason) ? _reason : _reason = head.Reason;
    }
}
