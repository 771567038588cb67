using System.Reflection;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Diesel.Reactive.Tests;

/// <summary>Runs chosen fixtures within the program of the tests, where a test host would take too long: on a processor that is
/// emulated.</summary>
internal sealed class FixtureRun : ITestListener
{
    /// <summary>Runs the fixtures whose names contain one of the words; prints failures, and the counts as the last line.</summary>
    /// <returns>The exit code: 0 when tests ran and none failed.</returns>
    public static int Of(Assembly tests, IReadOnlyList<string> words)
    {
        string[] fixtures = [.. tests.GetTypes().Where(type => !type.IsNested).Select(type => type.FullName!)
            .Where(name => words.Any(word => name.Contains(word, StringComparison.Ordinal)))];
        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(tests, new Dictionary<string, object>
        {
            ["LOAD"] = fixtures,
            ["NumberOfTestWorkers"] = 0,
        });
        var result = runner.Run(new FixtureRun(), TestFilter.Empty);
        var skipped = result.SkipCount + result.InconclusiveCount;
        Console.WriteLine($"{result.PassCount} passed, {result.FailCount} failed, {skipped} skipped");
        return result.FailCount == 0 && result.PassCount > 0 ? 0 : 1;
    }

    public void TestStarted(ITest test)
    {
    }

    public void TestFinished(ITestResult result)
    {
        if (!result.Test.IsSuite)
        {
            Console.WriteLine($"{result.ResultState.Status} {result.FullName} [{result.Duration:0.0} s]");
        }

        if (result.ResultState is { Status: TestStatus.Failed, Site: FailureSite.Test or FailureSite.SetUp or FailureSite.TearDown })
        {
            Console.WriteLine($"{result.FullName}:\n{result.Message}\n{result.StackTrace}");
        }
    }

    public void TestOutput(TestOutput output)
    {
    }

    public void SendMessage(TestMessage message)
    {
    }
}
