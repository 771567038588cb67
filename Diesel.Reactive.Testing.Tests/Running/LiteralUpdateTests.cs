using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>With MARBLES_UPDATE=1 the diagram in the test's source becomes what came.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase), NonParallelizable]
public class LiteralUpdateTests
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.cs");

    [SetUp]
    public void Update() => Environment.SetEnvironmentVariable("MARBLES_UPDATE", "1");

    [TearDown]
    public void UpdateNoMore()
    {
        Environment.SetEnvironmentVariable("MARBLES_UPDATE", null);
        File.Delete(_path);
    }

    [Test]
    public void A_literal_becomes_what_came_and_keeps_its_place() => Assert.That(
        After("""
              var a = 1;
              t.ExpectObservable(t.Cold("-a|"))
                  .ToBe(             "  --b|"); // why
              """, 2, t => t.Cold("-a|"), "  --b|"),
        Is.EqualTo("""
                   var a = 1;
                   t.ExpectObservable(t.Cold("-a|"))
                       .ToBe(             "  -a|"); // why
                   """));

    [TestCase("\"-a\"", "\"-'\\\\n\\\"'|\"")]
    [TestCase("@\"-a\"", "@\"-'\\n\"\"'|\"")]
    [TestCase("\"\"\"-a\"\"\"", "\"\"\"-'\\n\"'|\"\"\"")]
    public void Each_kind_of_literal_stays_one_of_its_kind(string before, string after) => Assert.That(
        After($"x.ToBe({before});", 1, static t => t.Cold("-a|", ("a", "\n\"")), "-a"), Is.EqualTo($"x.ToBe({after});"));

    [Test]
    public void Names_keep_their_meaning() => Assert.That(
        After("""x.ToBe("-x", ("x", new(1)), ("y", new(2)));""", 1, static t => t.Cold("-a-b|", ("a", new Box(1)), ("b", new Box(2))), "-x", ("x", new Box(1)), ("y", new Box(2))),
        Is.EqualTo("""x.ToBe("-x-y|", ("x", new(1)), ("y", new(2)));"""));

    [Test]
    public void Of_several_that_are_alike_the_nearest_below_is_meant() => Assert.That(
        After("x.ToBe(\"-b\");\nx.ToBe(\"-c\");\nx.ToBe(\"-b\");\nx.ToBe(\"-b\");", 2, static t => t.Cold("-a"), "-b"),
        Is.EqualTo("x.ToBe(\"-b\");\nx.ToBe(\"-c\");\nx.ToBe(\"-a\");\nx.ToBe(\"-b\");"));

    [Test]
    public void What_is_right_is_left_alone() => Assert.That(After("x.ToBe(\" -a \");", 1, static t => t.Cold("-a"), " -a "), Is.EqualTo("x.ToBe(\" -a \");"));

    [Test]
    public void A_value_without_a_name_is_not_written() => Refused(
        "x.ToBe(\"-x\", (\"x\", new(1)));", static t => t.Cold("-a", ("a", new Box(2))), "the test has no name for one of its values", ("x", new Box(1)));

    [Test]
    public void Nor_is_a_diagram_that_is_no_literal() => Refused("x.ToBe(Diagram + \"-x\");", static t => t.Cold("-a"), "no ToBe(\"…\") with this diagram");

    [Test]
    public void Nor_into_a_file_that_is_not_there()
    {
        var error = Assert.Throws<MarblesDifferException>(() => Run("/nowhere/x.cs", 1, static t => t.Cold("-a"), "-x"))!;
        Assert.That(error.Message, Does.Contain("Not updated: there is no /nowhere/x.cs here").And.Contain("expected"));
    }

    [Test]
    public void Nor_what_another_observable_says() => Assert.That(
        () => MarbleTest.Run(t => t.ExpectObservable(t.Cold("-a"), name: "it", file: _path, line: 1).ToBe(t.Cold("-b"))),
        Throws.TypeOf<MarblesDifferException>().With.Message.Contains("Not updated: another observable says what it shall be"));

    [Test]
    public void Nothing_is_written_unless_it_is_asked_for()
    {
        Environment.SetEnvironmentVariable("MARBLES_UPDATE", null);
        File.WriteAllText(_path, "x.ToBe(\"-x\");");
        Assert.That(() => Run(_path, 1, static t => t.Cold("-a"), "-x"), Throws.TypeOf<MarblesDifferException>().With.Message.Not.Contains("updated"));
        Assert.That(File.ReadAllText(_path), Is.EqualTo("x.ToBe(\"-x\");"));
    }

    private void Refused<T>(string text, Func<MarbleTest, IObservable<T>> actual, string why, params (string, T)[] values)
    {
        File.WriteAllText(_path, text);
        var error = Assert.Throws<MarblesDifferException>(() => Run(_path, 1, actual, "-x", values))!;
        Assert.That((error.Message.Contains($"Not updated: {why}", StringComparison.Ordinal), File.ReadAllText(_path)), Is.EqualTo((true, text)), error.Message);
    }

    private string After<T>(string text, int line, Func<MarbleTest, IObservable<T>> actual, string marbles, params (string, T)[] values)
    {
        File.WriteAllText(_path, text);
        Run(_path, line, actual, marbles, values);
        return File.ReadAllText(_path);
    }

    private static void Run<T>(string file, int line, Func<MarbleTest, IObservable<T>> actual, string marbles, params (string, T)[] values) =>
        MarbleTest.Run(t => t.ExpectObservable(actual(t), name: "it", file: file, line: line).ToBe(marbles, values));

    private sealed record Box(int Number);
}
