using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Diesel.Reactive.Tests;

/// <summary>The tables of options are what the code says: names, defaults and meaning.</summary>
public partial class OptionsTests
{
    private const string Document = "docs/options.md";

    private static readonly string[] Libraries =
        ["Diesel.Reactive", "Diesel.Reactive.Protocols", "Diesel.Reactive.Protocols.MongoDB", "Diesel.Reactive.AspNetCore", "Diesel.Reactive.Testing"];

    [Test]
    public void Tables_are_those_of_the_code()
    {
        var text = File.ReadAllText(Repository.PathOf(Document));
        var tables = string.Join("\n\n", Libraries.SelectMany(Tables));
        if (Environment.GetEnvironmentVariable("UPDATE_OPTIONS") == "1")
        {
            File.WriteAllText(Repository.PathOf(Document), text = Markdown.WithMarked(text, "options", tables));
        }

        Assert.That(Markdown.Marked(text, "options"), Is.EqualTo(tables), "If the code is right: UPDATE_OPTIONS=1 ./test --filter OptionsTests");
    }

    [Test]
    public void Every_option_says_what_it_is() =>
        Assert.That(File.ReadAllText(Repository.PathOf(Document)).Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.EndsWith("|  |", StringComparison.Ordinal)), Is.Empty);

    private static IEnumerable<string> Tables(string library)
    {
        var assembly = Assembly.Load(library);
        var says = XDocument.Load(Path.ChangeExtension(PathOfXml(library), ".xml")).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);
        return assembly.GetExportedTypes()
            .Where(type => NameOf(type).EndsWith("Options", StringComparison.Ordinal) && type.GetConstructor([]) is not null && !type.IsAbstract)
            .OrderBy(NameOf, StringComparer.Ordinal)
            .Select(type => Table(type.IsGenericType ? type.MakeGenericType(typeof(object)) : type, says));
    }

    private static string Table(Type type, Dictionary<string, XElement> says)
    {
        var table = new StringBuilder($"### {NameOf(type)}\n\n{Summary(says, $"T:{Documented(type)}")}\n");
        var mine = new List<Type> { type };
        while (mine[^1].BaseType is { IsAbstract: true } above && NameOf(above).EndsWith("Options", StringComparison.Ordinal))
        {
            mine.Add(above);
        }

        if (mine[^1].BaseType is { } @base && NameOf(@base) is var inherited && inherited.EndsWith("Options", StringComparison.Ordinal))
        {
            table.Append(CultureInfo.InvariantCulture, $"And all of [{inherited}](#{inherited.ToLowerInvariant()}).\n");
        }

        table.Append("\n| option | default | |\n|---|---|---|\n");
        var made = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties().Where(one => one.CanWrite && mine.Contains(one.DeclaringType!) && !one.SetMethod!.IsStatic && one.SetMethod.IsPublic))
        {
            table.Append(CultureInfo.InvariantCulture, $"| `{property.Name}` | {Shown(property.GetValue(made))} | {Summary(says, $"P:{Documented(property.DeclaringType!)}.{property.Name}")} |\n");
        }

        return table.ToString().TrimEnd('\n');
    }

    private static string NameOf(Type type) => type.Name.Split('`')[0];

    private static string Documented(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!;

    private static string Summary(Dictionary<string, XElement> says, string member) =>
        !says.TryGetValue(member, out var said) || said.Element("summary") is not { } summary ? ""
        : Blanks().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "paramref" } reference => $"`{Last(reference)}`",
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement other => string.Concat(other.Nodes().Select(Text)),
        _ => "",
    };

    private static string Last(XElement reference) =>
        (reference.Attribute("cref") ?? reference.Attribute("langword") ?? reference.Attribute("name"))!.Value is var name && name.Contains(':', StringComparison.Ordinal)
            ? name.Split('(')[0].Split('.', ':')[^1].Split('`')[0]
            : name;

    private static string Shown(object? value) => value switch
    {
        null => "none",
        TimeSpan time when time == Timeout.InfiniteTimeSpan => "never",
        TimeSpan time when time == TimeSpan.Zero => "0",
        TimeSpan { TotalSeconds: >= 60 } time => $"{time.TotalMinutes.ToString(CultureInfo.InvariantCulture)} min",
        TimeSpan { TotalSeconds: >= 1 } time => $"{time.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s",
        TimeSpan time => $"{time.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)} ms",
        bool flag => flag ? "yes" : "no",
        int number => Number(number),
        long number => Number(number),
        double number => number.ToString(CultureInfo.InvariantCulture),
        string { Length: > 0 } text => $"`{text}`",
        Enum chosen => $"`{chosen}`",
        System.Collections.ICollection { Count: 0 } => "none",
        _ => "",
    };

    private static string Number(long number) =>
        number is int.MaxValue or long.MaxValue ? "any"
        : number >= 1 << 20 && number % (1 << 20) == 0 ? $"{number >> 20} Mi"
        : number >= 1 << 10 && number % (1 << 10) == 0 ? $"{number >> 10} Ki"
        : number.ToString(CultureInfo.InvariantCulture);

    private static string PathOfXml(string library) => Path.Join(Repository.Root, library, "bin", Configuration, "net10.0", $"{library}.xml");

    private static string Configuration =>
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
