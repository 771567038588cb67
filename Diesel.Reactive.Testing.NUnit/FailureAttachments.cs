using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Diesel.Reactive.Testing;

/// <summary>What is attached to the result of the test that runs.</summary>
internal static class FailureAttachments
{
    private static readonly ThrownFailures Thrown = new(static () => TestExecutionContext.CurrentContext.CurrentTest.Id);

    public static void Begin(string test) => Thrown.Begin(test);

    /// <summary>Attaches what the test has failed by, for the first who asks: the file's attribute and the class's may both.</summary>
    public static void End(string test)
    {
        var result = TestExecutionContext.CurrentContext.CurrentResult;
        if (Thrown.End(test, message => result.ResultState.Status == TestStatus.Failed && result.Message.Contains(message, StringComparison.Ordinal)) is { } failed)
        {
            Add(failed);
        }
    }

    // Whatever this meets, the test's own failure counts more.
    private static void Add(Exception failed)
    {
        try
        {
            var context = TestContext.CurrentContext;
            foreach (var attachment in MarbleAttachment.Of(failed))
            {
                var path = attachment.Save(Path.Combine(context.WorkDirectory, "marbles"), $"{context.Test.ID} {context.Test.Name}");
                TestContext.AddTestAttachment(path, attachment.Description);
            }
        }
        catch (Exception error)
        {
            TestContext.Out.WriteLine($"What was expected and what came could not be attached: {error.Message}");
        }
    }
}
