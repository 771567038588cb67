using System.Globalization;
using System.Text;

namespace Diesel.Reactive;

/// <summary>How snapshots are written.</summary>
internal static class SnapshotText
{
    /// <summary>A subject and what is said of it, as one line; null says nothing.</summary>
    public static string Line(string subject, params IEnumerable<string?> said) =>
        Label.OneLine(string.Join("; ", said.OfType<string>().Prepend(subject)));

    /// <summary>A number that is worth a word.</summary>
    public static string? Some(long count, string of) => count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{count} {of}");

    /// <summary>A heading with the count, and a line for each of those that are shown.</summary>
    public static void Section<T>(StringBuilder text, string heading, int count, IReadOnlyList<T> shown, int? shownCount = null)
    {
        if (count == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{heading} ({count})\n");
        foreach (var each in shown)
        {
            text.Append("  ").Append(each).Append('\n');
        }

        if (count - (shownCount ?? shown.Count) is > 0 and var more)
        {
            text.Append(CultureInfo.InvariantCulture, $"  and {more} more\n");
        }
    }

    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
