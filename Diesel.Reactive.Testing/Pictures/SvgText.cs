using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Testing;

/// <summary>The elements of a picture, one per line, attributes in the order they are given.</summary>
internal sealed class SvgText
{
    private readonly StringBuilder _text = new();

    /// <summary>Writes an element without content; attributes without a value are left out.</summary>
    public void Add(string element, params ReadOnlySpan<(string Name, SvgValue Value)> attributes)
    {
        Open(element, attributes);
        _text.Append("/>\n");
    }

    /// <summary>Writes an element that holds a text.</summary>
    public void AddText(string element, string content, params ReadOnlySpan<(string Name, SvgValue Value)> attributes)
    {
        Open(element, attributes);
        _text.Append(CultureInfo.InvariantCulture, $">{Escape(content)}</{element}>\n");
    }

    /// <summary>Writes an element around others.</summary>
    public void AddGroup(SvgText inner, params ReadOnlySpan<(string Name, SvgValue Value)> attributes)
    {
        Open("g", attributes);
        _text.Append(">\n").Append(inner._text).Append("</g>\n");
    }

    /// <summary>Writes what is written already.</summary>
    public void Add(SvgText other) => _text.Append(other._text);

    public override string ToString() => _text.ToString();

    public static string Escape(string text) =>
        PictureText.Visible(text, keepLines: true).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);

    private void Open(string element, ReadOnlySpan<(string Name, SvgValue Value)> attributes)
    {
        _text.Append('<').Append(element);
        foreach (var (name, value) in attributes)
        {
            if (value.Text.Length > 0)
            {
                _text.Append(CultureInfo.InvariantCulture, $" {name}=\"{Escape(value.Text)}\"");
            }
        }
    }
}

/// <summary>What an attribute says: a text, or a number with one decimal at most.</summary>
internal readonly record struct SvgValue(string Text)
{
    public static implicit operator SvgValue(string text) => new(text);

    public static implicit operator SvgValue(double number) => new(number.ToString("0.#", CultureInfo.InvariantCulture));
}
