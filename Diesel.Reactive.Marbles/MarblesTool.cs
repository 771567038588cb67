using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Marbles;

/// <summary>What the program does with its arguments.</summary>
internal sealed class MarblesTool(TextWriter output, TextWriter errors)
{
    private const int Fine = 0;
    private const int Differs = 1;
    private const int Wrong = 2;

    private const string Usage = """
        Draws, checks and formats .marble files.

          marbles render <marbles> <pictures>   draws each file: x.marble becomes x.svg, with all its cases
          marbles check <marbles> [<pictures>]  finds files that are not formatted, and pictures that are not theirs
          marbles fmt <marbles>                 aligns the columns of each file
          marbles fmt --check <marbles>         finds files that are not formatted

        <marbles> is a folder, looked through to its depth, or one file; <pictures> is a folder.
        Exit code: 0 all is fine, 1 something differs, 2 something is wrong.
        """;

    /// <summary>Runs one command.</summary>
    /// <returns>The exit code.</returns>
    public int Run(params string[] arguments)
    {
        try
        {
            return arguments switch
            {
                ["render", var marbles, var pictures] => Render(new(marbles), pictures),
                ["check", var marbles] => Check(new(marbles), null),
                ["check", var marbles, var pictures] => Check(new(marbles), pictures),
                ["fmt", "--check", var marbles] => Check(new(marbles), null),
                ["fmt", var marbles] when !marbles.StartsWith('-') => Format(new(marbles)),
                ["help" or "--help" or "-h"] => Say(output, Usage, Fine),
                _ => Say(errors, Usage, Wrong),
            };
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Say(errors, wrong.Message, Wrong);
        }
    }

    private int Render(MarbleFolder marbles, string pictures) => ForEach(marbles, (name, file, _) =>
    {
        var picture = PictureOf(pictures, name);
        Directory.CreateDirectory(Path.GetDirectoryName(picture)!);
        return Write(picture, MarblePicture.Draw(file));
    });

    private int Format(MarbleFolder marbles) => ForEach(marbles, (name, file, text) =>
        file.Format() == text ? Fine : Write(marbles.PathOf(name), file.Format()));

    private int Check(MarbleFolder marbles, string? pictures)
    {
        var result = ForEach(marbles, (name, file, text) => Math.Max(
            file.Format() == text ? Fine : Say(output, $"{marbles.PathOf(name)}: not formatted; run 'marbles fmt'", Differs),
            pictures is null || IsDrawn(PictureOf(pictures, name), file)
                ? Fine : Say(output, $"{PictureOf(pictures, name)}: not the picture of its file; run 'marbles render'", Differs)));
        return pictures is null || !Directory.Exists(pictures) ? result : new MarbleFolder(pictures, "*.svg").Names
            .Where(picture => marbles.IsFolder && !marbles.Names.Contains(Path.ChangeExtension(picture, ".marble")))
            .Select(picture => Say(output, $"{Path.Combine(pictures, picture)}: its file is gone; remove it", Differs))
            .Append(result).Max();
    }

    private int ForEach(MarbleFolder marbles, Func<string, MarbleFile, string, int> act)
    {
        if (marbles.Names.Count == 0)
        {
            return Say(errors, $"{marbles.PathOf("")}: there is no .marble file in this folder.", Wrong);
        }

        var result = Fine;
        foreach (var name in marbles.Names)
        {
            try
            {
                var text = File.ReadAllText(marbles.PathOf(name));
                result = Math.Max(result, act(name, MarbleFile.Parse(text, marbles.PathOf(name)), text));
            }
            catch (MarbleFileException wrong)
            {
                result = Say(errors, wrong.Message, Wrong);
            }
        }

        return result;
    }

    private static bool IsDrawn(string picture, MarbleFile file) =>
        File.Exists(picture) && File.ReadAllText(picture) == MarblePicture.Draw(file);

    private static string PictureOf(string pictures, string name) => Path.Combine(pictures, Path.ChangeExtension(name, ".svg"));

    private static int Write(string path, string text)
    {
        File.WriteAllText(path, text);
        return Fine;
    }

    private static int Say(TextWriter writer, string text, int result)
    {
        writer.WriteLine(text);
        return result;
    }
}
