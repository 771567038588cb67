using Microsoft.CodeAnalysis;

namespace Diesel.Reactive.Tests;

/// <summary>In a new console project, with its implicit usings, one <c>using Diesel.Reactive;</c> is enough, and one for each protocol: every
/// name means one thing, and nothing warns.</summary>
public class ConsoleProgramTests
{
    private const string Core = "Diesel.Reactive";
    private const string Protocols = "Diesel.Reactive.Protocols";
    private const string Rx = "System.Reactive";
    private const string Interactive = "System.Interactive.Async";

    private static readonly INamedTypeSymbol[] PublicTypes =
    [
        .. from library in (string[])[Core, Protocols]
           from type in TypesIn(Compiled.Assembly(library).GlobalNamespace)
           where type.DeclaredAccessibility == Accessibility.Public
           select type,
    ];

    private static readonly string Usings = string.Join('\n', PublicTypes.Select(type => $"using {type.ContainingNamespace.ToDisplayString()};").Distinct());

    [Test]
    public void There_are_types_to_name() => Assert.That(PublicTypes, Has.Length.GreaterThan(50));

    [TestCase("")]
    [TestCase("using System.Linq;")]
    public void Every_public_type_can_be_named(string usings) => Assert.That(Warnings($"""
        {usings}
        {Usings}

        Type[] types = [{string.Join(", ", PublicTypes.Select(type => $"typeof({NameOf(type)})"))}];
        Console.WriteLine(types.Length);
        """), Is.Empty);

    [Test]
    public void A_client_reads_a_line_and_leaves_a_loop_to_itself() => Assert.That(Warnings("""
        using Diesel.Reactive;

        var connection = await Tcp.Connect("localhost", 4321);
        Hub.Default.Fork(async () =>
        {
            while (true)
            {
                await Hub.Default.Sleep(TimeSpan.FromSeconds(1));
                connection.OnNext("tick\r\n".ToBytes());
            }
        });
        var line = await connection.Read(Framing.UntilEol());
        Console.WriteLine(line.Length);
        """), Is.Empty);

    [Test]
    public void A_loop_leaves_its_child_to_itself() => Assert.That(Warnings("""
        using Diesel.Reactive;

        Hub.Default.Fork(async () =>
        {
            Hub.Default.Fork(async () => await Hub.Default.Sleep(TimeSpan.FromSeconds(1)));
            await Hub.Default.Sleep(TimeSpan.FromSeconds(2));
        });
        """), Is.Empty);

    [Test]
    public void Asynchronous_operators_of_both_libraries_apply() => Assert.That(Warnings("""
        using System.Linq;
        using Diesel.Reactive;

        var connection = await Tcp.Connect("localhost", 4321);
        var lengths = connection.ReadAllAsync(Framing.UntilEol()).Where(line => line.Length > 0).Select(line => line.Length);
        await foreach (var pair in lengths.Take(10).Buffer(2).Do(pair => Console.WriteLine(pair.Count)))
        {
            Console.WriteLine(pair.Sum());
        }

        Console.WriteLine(await lengths.Take(3).ToListAsync() is [var first, ..] ? first : 0);
        """), Is.Empty);

    // That the ways to be wrong are seen at all.
    [TestCase("Console.WriteLine(typeof(Timer));\nSystem.Timers.Timer timer = null!;", "CS0219")]
    [TestCase("using System.Timers;\nConsole.WriteLine(typeof(Timer));", "CS0104")]
    [TestCase("await Task.Yield();\nTask.FromResult(1);", "CS4014")]
    [TestCase("Console.WriteLine(typeof(Missing));", "CS0246")]
    public void What_warns_is_found(string program, string id) => Assert.That(Warnings(program), Has.Some.Contains(id));

    private static IEnumerable<string> Warnings(string program) =>
        Compiled.Warnings(program, Core, Protocols, Rx, Interactive).Select(warning => warning.ToString());

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceSymbol space) =>
        space.GetTypeMembers().Concat(space.GetNamespaceMembers().SelectMany(TypesIn));

    private static string NameOf(INamedTypeSymbol type) => type.Arity == 0 ? type.Name : $"{type.Name}<{new string(',', type.Arity - 1)}>";
}
