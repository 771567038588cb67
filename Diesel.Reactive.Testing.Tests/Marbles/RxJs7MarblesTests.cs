using System.Text.Json;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What RxJS itself reads, recorded by rxjs-cases.mjs beside this file.</summary>
public class RxJs7MarblesTests
{
    [Test]
    public void Reads_what_RxJS_reads_and_refuses_what_it_refuses()
    {
        var cases = Cases();
        Assert.That(cases, Has.Count.GreaterThan(600));
        Assert.That(cases.Where(c => Ours(c) != Theirs(c)).Take(20).Select(c => $"{c}: {Ours(c)}"), Is.Empty);
    }

    [Test]
    public void Places_a_hot_zero_by_characters_as_RxJS_does() =>
        Assert.That(Read("-a 10ms -^--b|"), Is.EqualTo("a@-8 b@7 |@8"));

    [TestCase(MarbleRole.Any, "a-!", 2, "remove the '!'")]
    [TestCase(MarbleRole.Cold, "a-^", 2, "write '-'")]
    [TestCase(MarbleRole.Time, "---", 3, "write '|' there")]
    [TestCase(MarbleRole.Subscription, "^-^", 2, "write one only")]
    [TestCase(MarbleRole.Subscription, "^-a", 2, "'a' cannot stand")]
    [TestCase(MarbleRole.Any, "9999999999999m a", 15, "longer than a TimeSpan")]
    public void Says_where_it_refuses(MarbleRole role, string marbles, int column, string hint)
    {
        var error = Assert.Throws<MarbleSyntaxException>(() => MarbleDiagram.Parse(marbles, role, MarbleDialect.RxJs7))!;
        Assert.That(error.Column, Is.EqualTo(column));
        Assert.That(error.Problem, Does.Contain(hint));
    }

    [TestCase(MarbleRole.Bytes)]
    [TestCase(MarbleRole.Window)]
    public void Knows_the_roles_of_RxJS_only(MarbleRole role) =>
        Assert.That(() => MarbleDiagram.Parse("-", role, MarbleDialect.RxJs7), Throws.ArgumentException);

    static string Read(string marbles) => MarbleReading.Of(marbles, MarbleRole.Hot, MarbleDialect.RxJs7);

    static List<JsonElement> Cases()
    {
        var file = Environment.GetEnvironmentVariable("RXJS_CASES") ?? Repository.PathOf("Diesel.Reactive.Testing.Tests", "Marbles", "rxjs-cases.json");
        return [.. JsonDocument.Parse(File.ReadAllText(file)).RootElement.EnumerateArray()];
    }

    static string Theirs(JsonElement theirs) => !theirs.TryGetProperty("events", out var events) ? "error"
        : string.Join(" ", events.EnumerateArray().Select(e => $"{e[0]}@{Math.Round(e[1].GetDouble() * TimeSpan.TicksPerMillisecond)}"));

    static string Ours(JsonElement theirs)
    {
        try
        {
            var diagram = MarbleDiagram.Parse(
                theirs.GetProperty("marbles").GetString()!, Enum.Parse<MarbleRole>(theirs.GetProperty("role").GetString()!), MarbleDialect.RxJs7);
            return string.Join(" ", diagram.Events.Select(e => $"{MarbleReading.What(e)}@{e.Time.Ticks}"));
        }
        catch (MarbleSyntaxException)
        {
            return "error";
        }
    }
}
