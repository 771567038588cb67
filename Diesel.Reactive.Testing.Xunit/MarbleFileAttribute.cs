using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Diesel.Reactive.Testing;

/// <summary>Makes a test of each case of a <c>.marble</c> file: the method gets the <see cref="MarbleCase"/>.</summary>
/// <remarks>A case that fails attaches its picture, with what came below what was expected, and the whole text. A file that is
/// missing or wrong is a test that fails, and says why.</remarks>
[XunitTestCaseDiscoverer(typeof(TheoryDiscoverer))]
[AttributeUsage(AttributeTargets.Method)]
public sealed class MarbleFileAttribute : TheoryAttribute, IDataAttribute, IBeforeAfterTestAttribute
{
    private readonly string _path;
    private readonly string _source;

    /// <summary>Names the file.</summary>
    /// <param name="path">Beside the test's source file, or in a folder <c>marbles</c> there or in one of the folders above.</param>
    /// <param name="source">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    public MarbleFileAttribute(string path, [CallerFilePath] string source = "", [CallerLineNumber] int line = -1)
        : base(source, line)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (_path, _source) = (path, source);
    }

    bool IDataAttribute.DisableParallelization => false;

    bool? IDataAttribute.Explicit => null;

    string? IDataAttribute.Label => null;

    string? IDataAttribute.Skip => null;

    Type? IDataAttribute.SkipType => null;

    string? IDataAttribute.SkipUnless => null;

    string? IDataAttribute.SkipWhen => null;

    string? IDataAttribute.TestDisplayName => null;

    int? IDataAttribute.Timeout => null;

    string[]? IDataAttribute.Traits => null;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. MarbleFile.Load(MarbleFile.Find(_path, _source)).Cases.Select(static marble => new TheoryDataRow<MarbleCase>(marble) { TestDisplayName = marble.Title })]);

    /// <summary>A case is read when it is run: it is no text that could be kept from the discovery on.</summary>
    public bool SupportsDiscoveryEnumeration() => false;

    /// <inheritdoc/>
    public void Before(MethodInfo methodUnderTest, IXunitTest test) => Failures.Begin(test);

    /// <inheritdoc/>
    public void After(MethodInfo methodUnderTest, IXunitTest test) => Failures.Attach(test);
}
