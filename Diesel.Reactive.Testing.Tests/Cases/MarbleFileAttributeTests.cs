using Diesel.Reactive.Testing;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Diesel.Reactive.Tests;

public class MarbleFileAttributeTests
{
    [MarbleFile("throttle.marble")]
    public void Throttle(MarbleCase marble) => marble.Run(m => m.Strings("keys").Throttle(m.Time("quiet"), m.Scheduler));

    [Test]
    public void Each_case_is_a_test_named_by_its_title() =>
        Assert.That(Build("throttle.marble").Select(test => (test.Name, test.RunState)),
            Is.EqualTo(new[] { ("Throttle(Throttle keeps the last value of a burst)", RunState.Runnable) }));

    [Test]
    public void A_missing_file_is_a_test_that_cannot_run()
    {
        var test = Build("nowhere.marble").Single();
        Assert.That(test.RunState, Is.EqualTo(RunState.NotRunnable));
        Assert.That(test.Properties.Get(PropertyNames.SkipReason), Does.StartWith("There is no 'nowhere.marble' beside MarbleFileAttributeTests.cs"));
    }

    [Test]
    public void So_is_a_wrong_one()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "= A\nhut a : -");
        Assert.That(Build(path).Single().Properties.Get(PropertyNames.SkipReason), Does.StartWith($"{path}:2:1: 'hut' is no role."));
        File.Delete(path);
    }

    [Test]
    public void A_failed_test_attaches_picture_and_text()
    {
        var files = Attachments(new MarbleFileAttribute("x"));
        Assert.That(files.Select(Path.GetExtension), Is.EqualTo(new[] { ".svg", ".txt" }));
        Assert.That(File.ReadAllText(files[0]), Does.Contain("class=\"ring\"").And.Contain("missing"));
        files.ForEach(File.Delete);
    }

    private static List<string> Attachments(MarbleFileAttribute attribute)
    {
        using (new TestExecutionContext.IsolatedContext())
        {
            var context = TestExecutionContext.CurrentContext;
            attribute.BeforeTest(context.CurrentTest);
            context.CurrentResult.RecordException(Assert.Catch<MarbleCaseFailedException>(static () =>
                MarbleFile.Parse("= A\nhot in : -a|\nexpect out : --b|", "x.marble").Cases[0].Run(static m => m.Strings("in")))!);
            attribute.AfterTest(context.CurrentTest);
            return [.. context.CurrentResult.TestAttachments.Select(attachment => attachment.FilePath)];
        }
    }

    private static IEnumerable<TestMethod> Build(string path) => new MarbleFileAttribute(path).BuildFrom(
        new MethodWrapper(typeof(MarbleFileAttributeTests), nameof(Throttle)), new TestFixture(new TypeWrapper(typeof(MarbleFileAttributeTests))));
}
