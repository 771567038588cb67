using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Marbles;

/// <summary>What the program does with its arguments.</summary>
internal sealed class MarblesTool(TextWriter output, TextWriter errors)
{
    private const int Fine = 0;
    private const int Differs = 1;
    private const int Wrong = 2;

    private const string Usage = """
        Draws, checks, formats and shows .marble files.

          marbles render <marbles> <pictures>   draws each file: x.marble becomes x.svg, with all its cases
          marbles check <marbles> [<pictures>]  finds files that are not formatted, and pictures that are not theirs
          marbles fmt <marbles>                 aligns the columns of each file
          marbles fmt --check <marbles>         finds files that are not formatted
          marbles watch <marbles>               shows them on a page of this machine, where marbles can be dragged
              [--tests <assembly>]              and runs their [MarbleFile] tests at each change
              [--port <port>]

        render and check take --cases: a picture for each case, x.1.svg, x.2.svg.
        <marbles> is a folder, looked through to its depth, or one file; <pictures> is a folder.
        render takes swirly's files too, x.txt.
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
                ["render", "--cases", var marbles, var pictures] => Render(new(marbles), pictures, isEach: true),
                ["render", var marbles, var pictures] when !marbles.StartsWith('-') => Render(new(marbles), pictures, isEach: false),
                ["check", var marbles] => Check(new(marbles), null, isEach: false),
                ["check", "--cases", var marbles, var pictures] => Check(new(marbles), pictures, isEach: true),
                ["check", var marbles, var pictures] => Check(new(marbles), pictures, isEach: false),
                ["fmt", "--check", var marbles] => Check(new(marbles), null, isEach: false),
                ["watch", var marbles, .. var rest] when Options(rest) is var (tests, port) => Watch(marbles, tests, port),
                ["fmt", var marbles] when !marbles.StartsWith('-') => Format(new(marbles)),
                ["help" or "--help" or "-h"] => Say(output, Usage, Fine),
                _ => Say(errors, Usage, Wrong),
            };
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ArgumentException or MarbleFileException)
        {
            return Say(errors, wrong.Message, Wrong);
        }
    }

    private int Render(MarbleFolder marbles, string pictures, bool isEach)
    {
        var swirly = marbles.IsFolder ? [] : marbles.Names.Where(static name => name.EndsWith(".txt", StringComparison.Ordinal));
        return swirly.Any()
            ? swirly.Max(name => Write(PictureOf(pictures, name), MarblePicture.Draw(SwirlyFile.Parse(File.ReadAllText(marbles.PathOf(name)), marbles.PathOf(name)))))
            : ForEach(marbles, (name, file, _) => Drawn(name, file, isEach).Max(drawn => Write(PictureOf(pictures, drawn.Name), drawn.Picture)));
    }

    // One for the file, or one for each case.
    private static IEnumerable<(string Name, string Picture)> Drawn(string name, MarbleFile file, bool isEach) => isEach
        ? file.Cases.Index().Select(at => (Path.ChangeExtension(name, FormattableString.Invariant($"{at.Index + 1}.svg")), MarblePicture.Draw(at.Item)))
        : [(name, MarblePicture.Draw(file))];

    private int Watch(string marbles, string? tests, int port)
    {
        using var ended = new ManualResetEventSlim();
        using var watch = new WatchCommand(marbles, tests, port);
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            ended.Set();
        };
        Say(output, $"{watch.Address}\nCtrl-C ends it.", Fine);
        output.Flush();
        ended.Wait();
        return Fine;
    }

    private static (string? Tests, int Port)? Options(string[] rest) => rest switch
    {
        [] => (null, 0),
        ["--tests", var tests, .. var more] when Options(more) is var (_, port) => (tests, port),
        ["--port", var number, .. var more] when int.TryParse(number, out var port) && port is >= 0 and <= 65535 && Options(more) is var (tests, _) => (tests, port),
        _ => null,
    };

    private int Format(MarbleFolder marbles) => ForEach(marbles, (name, file, text) =>
        file.Format() == text ? Fine : Write(marbles.PathOf(name), file.Format()));

    private int Check(MarbleFolder marbles, string? pictures, bool isEach)
    {
        var known = new HashSet<string>();
        var result = ForEach(marbles, (name, file, text) =>
        {
            var all = file.Format() == text ? Fine : Say(output, $"{marbles.PathOf(name)}: not formatted; run 'marbles fmt'", Differs);
            foreach (var (drawn, picture) in pictures is null ? [] : Drawn(name, file, isEach))
            {
                var path = PictureOf(pictures!, drawn);
                known.Add(Path.ChangeExtension(drawn, ".svg"));
                all = Math.Max(all, File.Exists(path) && File.ReadAllText(path) == picture
                    ? Fine : Say(output, $"{path}: not the picture of its file; run 'marbles render{(isEach ? " --cases" : "")}'", Differs));
            }

            return all;
        });
        return pictures is null || !Directory.Exists(pictures) || result == Wrong ? result : new MarbleFolder(pictures, "*.svg").Names
            .Where(picture => marbles.IsFolder && !known.Contains(picture))
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

    private static string PictureOf(string pictures, string name) => Path.Combine(pictures, Path.ChangeExtension(name, ".svg"));

    private static int Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, text);
        return Fine;
    }

    private static int Say(TextWriter writer, string text, int result)
    {
        writer.WriteLine(text);
        return result;
    }
}
