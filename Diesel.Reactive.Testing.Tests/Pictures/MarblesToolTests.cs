using Diesel.Reactive.Marbles;

namespace Diesel.Reactive.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class MarblesToolTests
{
    private const string Fine = "= A\nhot a : --|\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("marbles").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Rendered_files_pass_the_check()
    {
        Put("a.marble", Fine);
        Put("deeper/b.marble", Fine);
        Assert.That(Run("render", _folder, _folder), Is.Zero);
        Assert.That(File.Exists(Path.Combine(_folder, "deeper", "b.svg")));
        Assert.That(Run("check", _folder, _folder), Is.Zero);
    }

    [Test]
    public void A_picture_of_another_text_does_not()
    {
        Put("a.marble", Fine);
        Put("a.svg", "<svg/>");
        Assert.That(Run("check", _folder, _folder), Is.EqualTo(1));
        Assert.That(_output.ToString(), Does.Contain("a.svg: not the picture of its file"));
    }

    [Test]
    public void Nor_does_a_picture_whose_file_is_gone()
    {
        Put("a.marble", Fine);
        Put("gone.svg", "<svg/>");
        Assert.That(Run("check", _folder, _folder), Is.EqualTo(1));
        Assert.That(_output.ToString(), Does.Contain("gone.svg: its file is gone"));
    }

    [Test]
    public void Nor_does_a_file_nobody_formatted()
    {
        Put("a.marble", "=A\nhot  a : --|");
        Assert.That(Run("fmt", "--check", _folder), Is.EqualTo(1));
        Assert.That(_output.ToString(), Does.Contain("a.marble: not formatted"));
    }

    [Test]
    public void Formatting_repairs_that()
    {
        Put("a.marble", "=A\nhot  a : --|");
        Assert.That(Run("fmt", _folder), Is.Zero);
        Assert.That(File.ReadAllText(Path.Combine(_folder, "a.marble")), Is.EqualTo(Fine));
    }

    [TestCase("check")]
    [TestCase("fmt")]
    public void A_wrong_file_is_told_with_its_place_and_the_others_are_looked_at(string command)
    {
        Put("a.marble", "= A\nhot a : (");
        Put("b.marble", "= A\nhut b : -");
        Assert.That(Run(command, _folder), Is.EqualTo(2));
        Assert.That(_errors.ToString(), Does.Contain("a.marble:2:9: ").And.Contain("b.marble:2:1: 'hut' is no role").And.Not.Contain("   at "));
    }

    [Test]
    public void One_file_is_enough()
    {
        Put("a.marble", Fine);
        Put("b.marble", "wrong");
        Assert.That(Run("fmt", Path.Combine(_folder, "a.marble")), Is.Zero);
    }

    [Test]
    public void A_missing_folder_is_told()
    {
        Assert.That(Run("fmt", Path.Combine(_folder, "nowhere")), Is.EqualTo(2));
        Assert.That(_errors.ToString(), Does.Contain("nowhere: there is no such folder or file."));
    }

    [TestCase(2)]
    [TestCase(2, "draw")]
    [TestCase(2, "render", "only-one")]
    [TestCase(2, "fmt", "--chek")]
    [TestCase(0, "--help")]
    public void Other_words_show_how_to_use_it(int result, params string[] arguments)
    {
        Assert.That(Run(arguments), Is.EqualTo(result));
        Assert.That($"{_output}{_errors}", Does.Contain("marbles render <marbles> <pictures>"));
    }

    [TestCase("check")]
    [TestCase("fmt")]
    public void A_folder_without_files_is_wrong(string command)
    {
        Assert.That(Run(command, _folder), Is.EqualTo(2));
        Assert.That(_errors.ToString(), Does.Contain("there is no .marble file"));
    }

    private int Run(params string[] arguments) => new MarblesTool(_output, _errors).Run(arguments);

    private void Put(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
