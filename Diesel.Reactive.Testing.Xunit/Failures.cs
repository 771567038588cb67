using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Xunit;
using Xunit.v3;

namespace Diesel.Reactive.Testing;

/// <summary>What was thrown in the tests that run.</summary>
/// <remarks>xunit tells who comes after a test how it failed, but not by which exception; so those that have pictures are noted when they are thrown.</remarks>
internal static class Failures
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<Exception>> Running = new();

    static Failures() => AppDomain.CurrentDomain.FirstChanceException += Thrown;

    public static void Begin(IXunitTest test) => Running.TryAdd(test.UniqueID, new());

    /// <summary>Attaches what the test has failed by, once. Whatever this meets, the test's own failure counts more.</summary>
    public static void Attach(IXunitTest test)
    {
        if (!Running.TryRemove(test.UniqueID, out var thrown) || TestContext.Current.TestState is { Result: not TestResult.Failed })
        {
            return;
        }

        // One that the test itself has caught is none of its failure.
        var told = TestContext.Current.TestState?.ExceptionMessages ?? [];
        if (thrown.LastOrDefault(failure => told.Length == 0 || told.Any(message => message?.Contains(failure.Message, StringComparison.Ordinal) == true)) is not { } failed)
        {
            return;
        }

        try
        {
            foreach (var attachment in MarbleAttachment.Of(failed))
            {
                TestContext.Current.AddAttachment($"marbles{attachment.Extension}", System.Text.Encoding.UTF8.GetBytes(attachment.Content), attachment.MediaType);
            }
        }
        catch (Exception error)
        {
            TestContext.Current.AddWarning($"What was expected and what came could not be attached: {error.Message}");
        }
    }

    // No exception may leave this: the runtime ends the process for it.
    private static void Thrown(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        if (thrown.Exception is MarblesDifferException or MarbleCaseFailedException or SimulationFailedException
            && TestContext.Current.Test is { } test && Running.TryGetValue(test.UniqueID, out var failures) && !failures.Contains(thrown.Exception))
        {
            failures.Enqueue(thrown.Exception);
        }
    }
}
