using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Diesel.Reactive.Tests;

/// <summary>Names of tests.</summary>
public class TestNameTests
{
    [TestCase("\u0005\u0001")]
    [TestCase("\uffff")]
    public void Each_test_can_be_selected_whatever_it_is_given(string argument)
    {
        ITest all = TestExecutionContext.CurrentContext.CurrentTest;
        Assert.That(SelectableNamesAttribute.IsSelectable(argument), Is.False);
        while (all.Parent is not null)
        {
            all = all.Parent;
        }

        Assert.That(Names(all).Where(static name => !SelectableNamesAttribute.IsSelectable(name)), Is.Empty);
    }

    private static IEnumerable<string> Names(ITest test) => test.Tests.SelectMany(Names).Append(test.FullName).Append(test.Name);
}
