using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Testing;

/// <summary>Attaches to each failed marble test and simulation of a class its picture and its whole text. It stands in the place of <c>[TestClass]</c>, whose kind it is.</summary>
/// <remarks>A test of <see cref="MarbleFileAttribute"/> has them without it.</remarks>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MarblePicturesAttribute : TestClassAttribute
{
    /// <inheritdoc/>
    public override TestMethodAttribute? GetTestMethodAttribute(TestMethodAttribute testMethodAttribute) =>
        base.GetTestMethodAttribute(testMethodAttribute) switch
        {
            null => null,
            MarbleFileAttribute file => file,
            var method => new Pictured(method, method.DeclaringFilePath, method.DeclaringLineNumber ?? -1) { DisplayName = method.DisplayName, UnfoldingStrategy = method.UnfoldingStrategy },
        };

    private sealed class Pictured(TestMethodAttribute inner, [CallerFilePath] string file = "", [CallerLineNumber] int line = -1) : TestMethodAttribute(file, line)
    {
        public override async Task<TestResult[]> ExecuteAsync(ITestMethod testMethod) => Failures.Attach(await inner.ExecuteAsync(testMethod), testMethod);
    }
}
