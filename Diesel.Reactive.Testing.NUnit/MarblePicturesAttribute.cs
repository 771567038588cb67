using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace Diesel.Reactive.Testing;

/// <summary>Attaches to each failed marble test and simulation its picture and its whole text: <c>[assembly: MarblePictures]</c> for all tests of a project, or on
/// a class or a method.</summary>
/// <remarks>A test of <see cref="MarbleFileAttribute"/> has them without it.</remarks>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Method)]
public sealed class MarblePicturesAttribute : NUnitAttribute, ITestAction
{
    /// <summary>Each test, not the class that has it.</summary>
    public ActionTargets Targets => ActionTargets.Test;

    /// <inheritdoc/>
    public void BeforeTest(ITest test) => FailureAttachments.Begin(test?.Id ?? "");

    /// <inheritdoc/>
    public void AfterTest(ITest test) => FailureAttachments.End(test?.Id ?? "");
}
