using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace Diesel.Reactive.Tests;

/// <summary>A <c>.linq</c> file: an element that says what is referred to, an empty line, and C#.</summary>
internal sealed class LinqPadQuery
{
    /// <summary>What LINQPad imports into every query.</summary>
    private static readonly string Usual = GlobalUsings.Of(
        "System", "System.Collections", "System.Collections.Generic", "System.Data", "System.Diagnostics", "System.IO", "System.Linq", "System.Linq.Expressions", "System.Reflection",
        "System.Text", "System.Text.RegularExpressions", "System.Threading", "System.Transactions", "System.Xml", "System.Xml.Linq", "System.Xml.XPath");

    /// <summary>LINQPad's Dump, which shows a stream as it goes on and keeps the query alive meanwhile.</summary>
    private const string Dumping = """
        public static class LinqPad
        {
            private static readonly global::System.Collections.Concurrent.ConcurrentBag<global::System.Threading.Tasks.Task> Streams = new();

            public static T Dump<T>(this T value, string? title = null)
            {
                Show(value, title);
                return value;
            }

            public static IObservable<T> Dump<T>(this IObservable<T> source, string? title = null)
            {
                Streams.Add(System.Reactive.Linq.Observable.ForEachAsync(source, value => Show(value, title)));
                return source;
            }

            public static global::System.Threading.Tasks.Task Ended => global::System.Threading.Tasks.Task.WhenAll(Streams);

            public static readonly global::System.Collections.Concurrent.ConcurrentQueue<string> Shown = new();

            private static void Show(object? value, string? title) => Shown.Enqueue(
                $"{title}: {(value is System.Collections.IEnumerable items and not string ? string.Join(", ", items.Cast<object>()) : value)}");
        }
        """;

    private readonly string _path;
    private readonly string _code;

    private LinqPadQuery(string path, XElement head, string code)
    {
        (_path, _code) = (path, code);
        Kind = (string?)head.Attribute("Kind");
        Packages = [.. head.Elements("NuGetReference").Select(element => element.Value)];
        Namespaces = [.. head.Elements("Namespace").Select(element => element.Value)];
    }

    public static string Folder => Path.Join(SampleBuild.Root, "linqpad-samples");

    public string? Kind { get; }

    public IReadOnlyList<string> Packages { get; }

    public IReadOnlyList<string> Namespaces { get; }

    public static LinqPadQuery Read(string name)
    {
        var path = Path.Join(Folder, name);
        var text = File.ReadAllText(path);
        var end = text.IndexOf("</Query>\n\n", StringComparison.Ordinal);
        return end >= 0
            ? new(path, XElement.Parse(text[..(end + "</Query>".Length)]), text[(end + "</Query>\n\n".Length)..])
            : throw new FormatException($"{path}: no empty line behind </Query>.");
    }

    /// <summary>Runs it to its end, that of its streams included; a line for each thing that was shown.</summary>
    /// <param name="change">What is to be different in its code.</param>
    public async Task<IReadOnlyList<string>> Run(Func<string, string> change)
    {
        var program = Compiled.Program(
            Compiled.Parse(Usual + string.Concat(Namespaces.Select(one => $"\nglobal using {one};"))),
            Compiled.Parse(Dumping),
            Compiled.Parse(change(_code) + "\nawait LinqPad.Ended;\n", _path));
        await Task.Run(() => program.EntryPoint!.Invoke(null, [Array.Empty<string>()])).WaitAsync(TimeSpan.FromSeconds(60));
        return [.. (IEnumerable<string>)program.GetType("LinqPad")!.GetField("Shown")!.GetValue(null)!];
    }
}
