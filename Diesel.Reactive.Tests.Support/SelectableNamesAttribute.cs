using System.Xml;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Diesel.Reactive.Tests;

/// <summary>A test is selected by its name, which travels as XML. A character that has no place there is written out: else a run with a filter leaves its
/// test out, and tells nobody.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class SelectableNamesAttribute : Attribute, IApplyToTest
{
    public void ApplyToTest(Test test)
    {
        (test.Name, test.FullName) = (Selectable(test.Name), Selectable(test.FullName));
        foreach (var each in test.Tests.OfType<Test>())
        {
            ApplyToTest(each);
        }
    }

    public static bool IsSelectable(string name) => name.All(XmlConvert.IsXmlChar);

    private static string Selectable(string name) => IsSelectable(name) ? name
        : string.Concat(name.Select(static c => XmlConvert.IsXmlChar(c) ? $"{c}" : $"\\u{(int)c:x4}"));
}
