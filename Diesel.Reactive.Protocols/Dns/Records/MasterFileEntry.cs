using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>One entry of a master file: a line, or several within parentheses.</summary>
/// <param name="Line">Its number.</param>
/// <param name="IsIndented">It begins with a space: it belongs to the name before.</param>
/// <param name="Tokens">Its words; at least one.</param>
internal sealed record MasterFileEntry(int Line, bool IsIndented, List<DnsToken> Tokens)
{
    /// <exception cref="FormatException">While they are read: a quotation mark or a parenthesis has no other.</exception>
    public static IEnumerable<MasterFileEntry> Split(string text)
    {
        var (at, line) = (0, 1);
        while (at < text.Length)
        {
            if (One(text, ref at, ref line) is { Tokens.Count: > 0 } entry)
            {
                yield return entry;
            }
        }
    }

    private static MasterFileEntry One(string text, ref int at, ref int line)
    {
        var entry = new MasterFileEntry(line, text[at] is ' ' or '\t', []);
        var depth = 0;
        while (at < text.Length)
        {
            switch (text[at])
            {
                case '\n':
                    at++;
                    line++;
                    if (depth == 0)
                    {
                        return entry;
                    }

                    break;
                case ' ' or '\t' or '\r':
                    at++;
                    break;
                case ';':
                    at = text.IndexOf('\n', at) is >= 0 and var end ? end : text.Length;
                    break;
                case '(':
                    (at, depth) = (at + 1, depth + 1);
                    break;
                case ')':
                    (at, depth) = (at + 1, depth > 0 ? depth - 1 : throw new FormatException($"Line {line}: a parenthesis is closed that was not opened."));
                    break;
                default:
                    entry.Tokens.Add(Token(text, ref at, line));
                    break;
            }
        }

        return depth == 0 ? entry : throw new FormatException($"Line {entry.Line}: a parenthesis is not closed.");
    }

    // A word may have a part in quotation marks: alpn="h2,h3".
    private static DnsToken Token(string text, ref int at, int line)
    {
        var (word, isQuoted, isOpen) = (new StringBuilder(), text[at] == '"', false);
        for (; at < text.Length && (isOpen ? text[at] != '\n' : !(text[at] is ' ' or '\t' or '\r' or '\n' or ';' or '(' or ')')); at++)
        {
            if (text[at] == '"')
            {
                if (isOpen && isQuoted)
                {
                    at++;
                    return new(word.ToString(), true);
                }

                isOpen = !isOpen;
                continue;
            }

            word.Append(text[at]);
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] != '\n')
            {
                word.Append(text[++at]);
            }
        }

        return isOpen ? throw new FormatException($"Line {line}: a quotation mark is not closed.") : new(word.ToString(), isQuoted);
    }
}
