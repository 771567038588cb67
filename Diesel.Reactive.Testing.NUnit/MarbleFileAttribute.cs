using System.Runtime.CompilerServices;
using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Builders;

namespace Diesel.Reactive.Testing;

/// <summary>Makes a test of each case of a <c>.marble</c> file: the method gets the <see cref="MarbleCase"/>.</summary>
/// <remarks>A case that fails attaches its picture, with what came below what was expected, and the whole text. A file that is
/// missing or wrong makes one test that cannot run, and says why.</remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MarbleFileAttribute : NUnitAttribute, ITestBuilder, IImplyFixture, ITestAction
{
    private readonly NUnitTestCaseBuilder _builder = new();
    private readonly string _path;
    private readonly string _source;

    /// <summary>Names the file.</summary>
    /// <param name="path">Beside the test's source file, or in a folder <c>marbles</c> there or in one of the folders above.</param>
    /// <param name="source">Filled in by the compiler.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    public MarbleFileAttribute(string path, [CallerFilePath] string source = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (_path, _source) = (path, source);
    }

    /// <summary>Each case.</summary>
    public ActionTargets Targets => ActionTargets.Test;

    /// <inheritdoc/>
    public IEnumerable<TestMethod> BuildFrom(IMethodInfo method, Test? suite)
    {
        try
        {
            var file = MarbleFile.Load(MarbleFile.Find(_path, _source));
            return [.. file.Cases.Select(marble => _builder.BuildTestMethod(method, suite, new TestCaseParameters([marble])))];
        }
        catch (Exception wrong) when (wrong is MarbleFileException or IOException or UnauthorizedAccessException)
        {
            var test = new TestMethod(method, suite);
            test.MakeInvalid(wrong.Message);
            return [test];
        }
    }

    /// <inheritdoc/>
    public void BeforeTest(ITest test) => FailureAttachments.Begin(test?.Id ?? "");

    /// <inheritdoc/>
    public void AfterTest(ITest test) => FailureAttachments.End(test?.Id ?? "");
}
