namespace Diesel.Reactive.Testing;

/// <summary>What is attached to results that tell of a failure.</summary>
internal static class Failures
{
    private static int _number;

    /// <summary>The same results, with what helps to see why they failed. Whatever this meets, the test's own failure counts more.</summary>
    public static TestResult[] Attach(TestResult[] results, ITestMethod method)
    {
        foreach (var result in results.Where(static result => result.TestFailureException is not null))
        {
            try
            {
                var folder = Path.Combine(AppContext.BaseDirectory, "TestResults", "marbles");
                var name = FormattableString.Invariant($"{Interlocked.Increment(ref _number)} {method.TestMethodName} {result.DisplayName}");
                result.ResultFiles = [.. result.ResultFiles ?? [], .. MarbleAttachment.Of(result.TestFailureException!).Select(attachment => attachment.Save(folder, name))];
            }
            catch (Exception error)
            {
                result.LogError += $"What was expected and what came could not be attached: {error.Message}";
            }
        }

        return results;
    }
}
