using Xunit;
using Xunit.v3;

namespace Diesel.Reactive.Testing;

/// <summary>What is attached to the result of a test that has failed.</summary>
internal static class Failures
{
    private static readonly ThrownFailures Thrown = new(static () => TestContext.Current.Test?.UniqueID);

    public static void Begin(IXunitTest test) => Thrown.Begin(test.UniqueID);

    /// <summary>Attaches what the test has failed by, once. Whatever this meets, the test's own failure counts more.</summary>
    public static void Attach(IXunitTest test)
    {
        var told = TestContext.Current.TestState?.ExceptionMessages ?? [];
        if (Thrown.End(test.UniqueID, text => told.Any(message => message.Contains(text, StringComparison.Ordinal))) is not { } failed)
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
}
