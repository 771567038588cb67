using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase), NonParallelizable]
public class MarbleFileUpdateTests
{
    private readonly string _path = Path.GetTempFileName();

    [SetUp]
    public void Update() => Environment.SetEnvironmentVariable("MARBLES_UPDATE", "1");

    [TearDown]
    public void UpdateNoMore()
    {
        Environment.SetEnvironmentVariable("MARBLES_UPDATE", null);
        File.Delete(_path);
    }

    [Test]
    public void Rows_become_what_came() => Assert.That(
        After("% why\n= A\nhot in : -a-b-|\n\n\nexpect out : -c-'x'\na := h\nb := 'two\\n'\n", m => m.Strings("in").Delay(TimeSpan.FromMilliseconds(1), m.Scheduler)),
        Is.EqualTo("% why\n= A\nhot    in  : -a-b-|\n\nexpect out : --a-b-|\na := h\nb := 'two\\n'\n"));

    [Test]
    public void A_name_that_means_something_else_is_quoted() => Assert.That(
        After("= A\nhot in : -a|\nexpect out : |\na := b\n", m => m.Strings("in").Select(_ => "a")),
        Is.EqualTo("= A\nhot    in  : -a  |\nexpect out : -'a'|\na := b\n"));

    [Test]
    public void Bytes_are_written_as_bytes() => Assert.That(
        After("= A\nrx in : -'ONE\\r\\nTWO\\r\\n'|\nframes out : |\n", m => m.Bytes("in").UntilEol()),
        Is.EqualTo("= A\nrx     in  : -'ONE\\r\\nTWO\\r\\n'     |\nframes out : -['ONE\\r\\n' 'TWO\\r\\n']|\n"));

    [Test]
    public void What_is_right_is_left_alone()
    {
        const string text = "=  A\nhot in : -a|\nexpect out:-(a|)\n";
        Assert.That(After(text, m => m.Strings("in").Take(1)), Is.EqualTo(text));
    }

    [Test]
    public void Subscriptions_are_not_rewritten() =>
        Assert.That(() => After("= A\nhot in : -a|\nsubs in : ^!\nexpect out : |\n", m => m.Strings("in")), Throws.TypeOf<MarbleCaseFailedException>());

    private string After<T>(string text, Func<MarbleCaseRun, IObservable<T>> operation)
    {
        File.WriteAllText(_path, text);
        MarbleFile.Load(_path).Cases[0].Run(operation);
        return File.ReadAllText(_path);
    }
}
