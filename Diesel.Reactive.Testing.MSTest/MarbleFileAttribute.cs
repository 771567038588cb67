using System.Reflection;
using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Testing;

/// <summary>Makes a test of each case of a <c>.marble</c> file: the method gets the <see cref="MarbleCase"/>.</summary>
/// <remarks>A case that fails attaches its picture, with what came below what was expected, and the whole text. A file that is
/// missing or wrong is a test that fails, and says why.</remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MarbleFileAttribute : TestMethodAttribute, ITestDataSource
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

    /// <inheritdoc/>
    public IEnumerable<object?[]> GetData(MethodInfo methodInfo) => MarbleFile.Load(MarbleFile.Find(_path, _source)).Cases.Select(static object?[] (marble) => [marble]);

    /// <inheritdoc/>
    public string? GetDisplayName(MethodInfo methodInfo, object?[]? data)
    {
        ArgumentNullException.ThrowIfNull(methodInfo);
        return $"{methodInfo.Name}({data?.FirstOrDefault()})";
    }

    /// <inheritdoc/>
    public override async Task<TestResult[]> ExecuteAsync(ITestMethod testMethod) => Failures.Attach(await base.ExecuteAsync(testMethod), testMethod);
}
