namespace Diesel.Reactive.Testing;

/// <summary>Tells in what came from what was expected.</summary>
internal static class PictureDifference
{
    /// <summary>The row that came, with rings around what was not expected there and outlines of what is missing.</summary>
    public static PictureRow Mark(PictureRow expected, PictureRow actual)
    {
        var missing = expected.Marks.ToList();
        var came = actual.Marks.Select(mark =>
        {
            var at = missing.FindIndex(other => IsSame(other, mark));
            if (at >= 0)
            {
                missing.RemoveAt(at);
            }

            return at >= 0 ? mark : mark with { Emphasis = PictureEmphasis.Unexpected };
        }).ToList();
        return actual with
        {
            Marks = [.. came.Concat(missing.Select(mark => mark with { Emphasis = PictureEmphasis.Missing })).OrderBy(mark => mark.Time)],
        };
    }

    private static bool IsSame(PictureMark one, PictureMark other) =>
        one.Time == other.Time && one.Kind == other.Kind && one.Text == other.Text && one.Bytes == other.Bytes;
}
