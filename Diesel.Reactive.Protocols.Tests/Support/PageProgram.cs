using System.Text.RegularExpressions;

namespace Diesel.Reactive.Tests;

/// <summary>A block of code of a page, made a program of: with the usings of a new project and the page's own, and what it prints kept.</summary>
internal sealed class PageProgram
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Reactive.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Diesel.Reactive;
        global using Diesel.Reactive.Protocols;
        global using Diesel.Reactive.Protocols.Redis;
        global using Console = Diesel.Reactive.Tests.PageConsole;
        global using static Diesel.Reactive.Tests.PageNames;
        """;

    private readonly Func<Task> _run;

    /// <param name="block">What the page shows.</param>
    /// <param name="change">Names other servers, say.</param>
    /// <param name="then">Statements behind it, which see what it declares; where it declares types, all there is.</param>
    public PageProgram(CodeBlock block, Func<string, string> change, string then)
    {
        var code = change(block.Code);
        var usings = string.Concat(Regex.Matches(code, @"^using [\w.]+;\n", RegexOptions.Multiline).Select(line => line.Value));
        code = Regex.Replace(code, @"^using [\w.]+;\n", "", RegexOptions.Multiline);
        var (types, statements) = code.StartsWith("public static class", StringComparison.Ordinal) ? (code, change(then)) : ("", $"{code}\n{change(then)}");
        var assembly = Compiled.Program(Compiled.Parse($"{Usings}\n{usings}return;\n{types}\npublic static class Block {{ public static async Task Run() {{\n{statements}\n}} }}"));
        _run = assembly.GetType("Block")!.GetMethod("Run")!.CreateDelegate<Func<Task>>();
    }

    public Task Run() => _run();
}

/// <summary>What programs of pages print goes here.</summary>
public static class PageConsole
{
    private static readonly List<string> Lines = [];

    /// <summary>What was printed since <see cref="Clear"/>.</summary>
    public static IReadOnlyList<string> Printed
    {
        get
        {
            lock (Lines)
            {
                return [.. Lines];
            }
        }
    }

    public static void WriteLine(object? line)
    {
        lock (Lines)
        {
            Lines.Add($"{line}");
        }
    }

    public static void Clear()
    {
        lock (Lines)
        {
            Lines.Clear();
        }
    }
}

/// <summary>What a page's programs know by name.</summary>
public static class PageNames
{
    /// <summary>The client of the page's first program.</summary>
    public static Protocols.Redis.RedisClient redis { get; set; } = null!;
}
