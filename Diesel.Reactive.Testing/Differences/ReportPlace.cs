using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>What was observed, and where in the test.</summary>
internal sealed record ReportPlace(string Title, string File, int Line)
{
    private const int LongestTitle = 100;

    /// <summary>On one line; a long expression is cut off.</summary>
    public override string ToString()
    {
        var title = string.Join(' ', Title.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var shown = title.Length <= LongestTitle ? title : title[..LongestTitle] + "…";
        return File.Length == 0 ? shown : string.Create(CultureInfo.InvariantCulture, $"{shown}   ({Path.GetFileName(File)}:{Line})");
    }
}
