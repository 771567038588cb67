using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Testing;

/// <summary>Tapes as cases of a <c>.marble</c> file.</summary>
internal static class TapeFile
{
    public static void Save(string path, IReadOnlyList<Tape> tapes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (tapes.Count == 0)
        {
            throw new InvalidOperationException("There is no tape to save: no connection was made while the wiretap listened.");
        }

        var (text, titles) = (new StringBuilder(), new Dictionary<string, int>());
        foreach (var tape in tapes)
        {
            var title = $"{tape.LocalEndPoint} to {tape.RemoteEndPoint}";
            var number = titles[title] = titles.GetValueOrDefault(title) + 1;
            Write(text, number == 1 ? title : $"{title} ({number})", tape);
        }

        File.WriteAllText(path, MarbleFile.Parse(text.ToString(), path).Format());
    }

    private static void Write(StringBuilder text, string title, Tape tape)
    {
        text.Append(CultureInfo.InvariantCulture, $"= {title}\n");
        foreach (var row in tape.Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Label} : {MarbleTable.Draw(row with { Label = "" })}\n");
        }

        if (tape.Dropped > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"note : {tape.Dropped} bytes more were not kept\n");
        }

        text.Append('\n');
    }
}
