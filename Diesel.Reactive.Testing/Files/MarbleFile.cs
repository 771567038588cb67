using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Testing;

/// <summary>A <c>.marble</c> file: cases that are run as tests and drawn as pictures.</summary>
/// <remarks>
/// <para><c>= title</c> begins a case. Its rows are <c>role name : marbles</c>, with the roles of <see cref="MarbleRowRole"/>;
/// <c>&gt; text</c> is the operator between the rows above and below; <c>a := text</c> tells what a name stands for;
/// <c>ghosts = a, b</c> draws values of the row above faintly; <c>[styles]</c>, <c>[styles.a]</c> and <c>[links]</c> begin
/// settings of the picture, one per line up to the next blank one; <c>%</c> begins a comment.</para>
/// <para>It may be of any length, as recordings are: reading takes time and memory in proportion. What <c>*</c> repeats is bounded:
/// all of a file's repetitions make 16 MiB at most, those of one byte up to 64 KiB not counted.</para>
/// <para>Whatever is dubious is an error: a row or a definition nobody uses is a test that says less than it seems to.</para>
/// <para>Source: the specification files of swirly, whose <c>%</c>, <c>&gt;</c>, <c>:=</c> and blocks mean the same.</para>
/// </remarks>
public sealed class MarbleFile
{
    private readonly IReadOnlyList<MarbleFileLine> _lines;

    private MarbleFile(string path, IReadOnlyList<MarbleFileLine> lines, IReadOnlyList<MarbleCase> cases) =>
        (Path, _lines, Cases) = (path, lines, cases);

    /// <summary>Where it is from, as messages show it.</summary>
    public string Path { get; }

    /// <summary>At least one.</summary>
    public IReadOnlyList<MarbleCase> Cases { get; }

    /// <summary>Finds a file from a test's place, as <c>[MarbleFile]</c> does.</summary>
    /// <param name="path">As the test names it: beside its source file, or in a folder <c>marbles</c> there or in one of the folders above.</param>
    /// <param name="source">Filled in by the compiler.</param>
    /// <returns>Where it is.</returns>
    /// <exception cref="FileNotFoundException">It is nowhere there; the message says where it was looked for.</exception>
    public static string Find(string path, [CallerFilePath] string source = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(source);
        return MarbleFileSearch.Find(path, source);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Of a text in UTF-8.</param>
    /// <returns>The file, with at least one case.</returns>
    /// <exception cref="MarbleFileException">It is wrong; the message tells where and what to do.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static MarbleFile Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="text">Lines end with LF or CRLF.</param>
    /// <param name="path">As messages shall show it.</param>
    /// <returns>The file, with at least one case.</returns>
    /// <exception cref="MarbleFileException">It is wrong; the message tells where and what to do.</exception>
    public static MarbleFile Parse(string text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(path);
        MarbleFileLine[] lines = [.. text.TrimStart('\uFEFF').Split('\n').Select((line, index) => MarbleFileLine.Read(line, index + 1))];
        return new(path, lines, new MarbleFileReader(path, lines).Read());
    }

    /// <summary>The same file as everybody writes it: rows aligned so that equal instants stand below each other.</summary>
    /// <returns>A text that says the same and is its own format; comments are kept.</returns>
    public string Format() => MarbleFileFormat.Write(_lines, Cases);
}
