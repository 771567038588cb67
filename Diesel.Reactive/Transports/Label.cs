using System.Text;

namespace Diesel.Reactive;

/// <summary>What things are called in errors. Their own words are used, and may fail: who reports an error is not to fail with
/// another.</summary>
internal static class Label
{
    /// <summary>What it says of itself, or its type.</summary>
    public static string Of(object thing)
    {
        try
        {
            return thing.ToString() ?? thing.GetType().Name;
        }
        catch (Exception error)
        {
            return $"{thing.GetType().Name} (its ToString threw {error.GetType().Name})";
        }
    }

    public static string MessageOf(Exception error)
    {
        try
        {
            return error.Message;
        }
        catch (Exception thrown)
        {
            return $"(its Message threw {thrown.GetType().Name})";
        }
    }

    /// <summary>As one line: a peer's bytes may be in it, and must not look like lines of the log.</summary>
    public static string OneLine(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\x1f'))
        {
            return text;
        }

        var line = new StringBuilder(text.Length + 8);
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            _ = c < ' ' ? line.Append($"\\x{(int)c:x2}") : line.Append(c);
        }

        return line.ToString();
    }
}
