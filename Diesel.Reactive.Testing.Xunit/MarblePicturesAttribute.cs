using System.Reflection;
using Xunit.v3;

namespace Diesel.Reactive.Testing;

/// <summary>Attaches to each failed marble test and simulation its picture and its whole text: <c>[assembly: MarblePictures]</c> for all tests of a project, or on
/// a class or a method.</summary>
/// <remarks>A test of <see cref="MarbleFileAttribute"/> has them without it.</remarks>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Method)]
public sealed class MarblePicturesAttribute : BeforeAfterTestAttribute
{
    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => Failures.Begin(test);

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest, IXunitTest test) => Failures.Attach(test);
}
