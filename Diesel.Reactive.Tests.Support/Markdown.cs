using System.Text.RegularExpressions;

namespace Diesel.Reactive.Tests;

/// <summary>A block of code in a document.</summary>
/// <param name="Code">Without the fences.</param>
/// <param name="Line">The line of the file its first line is, from 1.</param>
internal sealed record CodeBlock(string Code, int Line);

/// <summary>What the tests look at in a Markdown file.</summary>
internal static partial class Markdown
{
    /// <summary>The blocks fenced with <c>```csharp</c>, indented ones too.</summary>
    public static IEnumerable<CodeBlock> CSharpBlocks(string text) => Blocks(text, "csharp", "cs", "c#");

    /// <summary>The blocks fenced with one of these words, indented ones too.</summary>
    public static IEnumerable<CodeBlock> Blocks(string text, params string[] words)
    {
        List<string>? block = null;
        var first = 0;
        foreach (var (line, index) in text.ReplaceLineEndings("\n").Split('\n').Select((line, index) => (line, index)))
        {
            var isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            if (block is null && isFence && words.Contains(line.Trim()[3..]))
            {
                (block, first) = ([], index + 2);
            }
            else if (block is not null && isFence)
            {
                yield return new CodeBlock(string.Join('\n', block), first);
                block = null;
            }
            else
            {
                block?.Add(line);
            }
        }
    }

    /// <summary>What links and images lead to, outside of code.</summary>
    public static IEnumerable<string> Links(string text) =>
        Link().Matches(Code().Replace(text, "")).Select(link => link.Groups[1].Value)
            .Concat(LinkReference().Matches(Code().Replace(text, "")).Select(link => link.Groups[1].Value));

    /// <summary>The anchors its headings make.</summary>
    public static IEnumerable<string> Anchors(string text) =>
        Heading().Matches(Code().Replace(text, "")).Select(heading =>
            NotInAnchor().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>What stands between <c>&lt;!-- name --&gt;</c> and <c>&lt;!-- end of name --&gt;</c>; empty: there are no such marks.</summary>
    public static string Marked(string text, string name) => Between(name).Match(text.ReplaceLineEndings("\n")).Value;

    /// <summary>The same document with something else between the marks.</summary>
    public static string WithMarked(string text, string name, string between) => Between(name).Replace(text.ReplaceLineEndings("\n"), _ => between);

    private static Regex Between(string name) =>
        new($@"(?<=<!-- {Regex.Escape(name)} -->\n).*(?=\n<!-- end of {Regex.Escape(name)} -->)", RegexOptions.Singleline);

    [GeneratedRegex(@"\]\(\s*<?([^)\s>]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\[[^\]]+\]:\s*(\S+)", RegexOptions.Multiline)]
    private static partial Regex LinkReference();

    [GeneratedRegex(@"^#+\s+(.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"^\s*```.*?^\s*```\s*$|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();
}
