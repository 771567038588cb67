using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Diesel.Reactive.Testing;

/// <summary>What is attached to the result of the test that runs.</summary>
/// <remarks>NUnit tells who comes after a test how it failed, but not by which exception; so those that have pictures are noted when they are thrown.</remarks>
internal static class FailureAttachments
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<Exception>> Running = new();

    static FailureAttachments() => AppDomain.CurrentDomain.FirstChanceException += Thrown;

    public static void Begin(string test) => Running.TryAdd(test, new());

    /// <summary>Attaches what the test has failed by; one that it has caught itself is none of its failure.</summary>
    public static void End(string test)
    {
        var result = TestExecutionContext.CurrentContext.CurrentResult;
        if (Running.TryRemove(test, out var thrown) && result.ResultState.Status == TestStatus.Failed
            && thrown.LastOrDefault(failure => result.Message.Contains(failure.Message, StringComparison.Ordinal)) is { } failed)
        {
            Add(failed);
        }
    }

    /// <summary>Attaches what helps to see why the test that runs failed, once. Whatever this meets, the test's own failure counts more.</summary>
    public static void Add(Exception failed)
    {
        try
        {
            var context = TestContext.CurrentContext;
            foreach (var attachment in MarbleAttachment.Of(failed))
            {
                var path = attachment.Save(Path.Combine(context.WorkDirectory, "marbles"), $"{context.Test.ID} {context.Test.Name}");
                if (!TestExecutionContext.CurrentContext.CurrentResult.TestAttachments.Any(other => other.FilePath == path))
                {
                    TestContext.AddTestAttachment(path, attachment.Description);
                }
            }
        }
        catch (Exception error)
        {
            TestContext.Out.WriteLine($"What was expected and what came could not be attached: {error.Message}");
        }
    }

    // No exception may leave this: the runtime ends the process for it.
    private static void Thrown(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        if (thrown.Exception is MarblesDifferException or MarbleCaseFailedException or SimulationFailedException
            && !Running.IsEmpty && Running.TryGetValue(TestExecutionContext.CurrentContext.CurrentTest.Id, out var failures) && !failures.Contains(thrown.Exception))
        {
            failures.Enqueue(thrown.Exception);
        }
    }
}
