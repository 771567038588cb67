namespace Diesel.Reactive.Testing;

/// <summary>Tells in what came from what was expected.</summary>
internal static class PictureDifference
{
    /// <summary>The row that came, with rings around what was not expected there and outlines of what is missing.</summary>
    public static PictureRow Mark(PictureRow expected, PictureRow actual)
    {
        var missing = expected.Marks.GroupBy(Content).ToDictionary(same => same.Key, same => new Stack<PictureMark>(same));
        var came = actual.Marks
            .Select(mark => missing.TryGetValue(Content(mark), out var same) && same.TryPop(out _)
                ? mark : mark with { Emphasis = PictureEmphasis.Unexpected })
            .ToList();
        return actual with
        {
            Marks = [.. came.Concat(missing.Values.SelectMany(same => same).Select(mark => mark with { Emphasis = PictureEmphasis.Missing }))
                .OrderBy(mark => mark.Time)],
        };
    }

    private static (TimeSpan Time, MarbleKind Kind, string Whole, int Bytes) Content(PictureMark mark) =>
        (mark.Time, mark.Kind, mark.Whole, mark.Bytes);
}
