using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>One thing of a row as it is drawn.</summary>
/// <param name="Time">When.</param>
/// <param name="Kind">What.</param>
/// <param name="Text">What stands in it or, for a failure, beside it; everything in it can be seen.</param>
internal sealed record PictureMark(TimeSpan Time, MarbleKind Kind, string Text = "")
{
    private const double Radius = 15;
    private const double SizeOfCode = 13;

    /// <summary>How many bytes it is; -1: none are meant.</summary>
    public int Bytes { get; init; } = -1;

    /// <summary>As the file writes it; by this links find it.</summary>
    public string Spelling { get; init; } = "";

    /// <summary>Where it stands in its file, for a picture that can be edited: the row's line, and which of its events it is.</summary>
    public (int Line, int Index) Origin { get; init; }

    public PictureEmphasis Emphasis { get; init; }

    /// <summary>Colours of the file's own for its shape, as CSS.</summary>
    public string Fill { get; init; } = "";

    /// <summary>The colour of the file's own for its text, as CSS.</summary>
    public string Ink { get; init; } = "";

    /// <summary>The whole of its text, where that had to be shortened.</summary>
    public string Whole { get; init; } = Text;

    /// <summary>Whether the stream ends there.</summary>
    public bool IsEnd => Kind is MarbleKind.Completed or MarbleKind.Failed or MarbleKind.Unsubscribed;

    public bool IsBytes => Bytes >= 0;

    /// <summary>Whether its size is written below it: that of one byte is seen.</summary>
    public bool TellsSize => Bytes is 0 or > 1;

    /// <summary>Whether it is one letter, which may be larger.</summary>
    public bool IsLetter => !IsBytes && new StringInfo(Text).LengthInTextElements == 1;

    /// <summary>Whether it is a circle: its text has room in it.</summary>
    public bool IsRound => !IsBytes && (IsLetter || PictureText.WidthOfCode(Text, SizeOfCode) <= 20);

    /// <summary>Pixels it takes to the left of its instant.</summary>
    public double Left => Kind switch
    {
        MarbleKind.Value when IsRound => Radius,
        MarbleKind.Value => Math.Max(IsBytes ? 12 : Radius, (PictureText.WidthOfCode(Text, SizeOfCode) / 2) + 9),
        MarbleKind.Completed => 2,
        _ => 8,
    };

    /// <summary>Pixels it takes to the right of its instant.</summary>
    public double Right => Kind == MarbleKind.Failed && Text.Length > 0 ? 16 + PictureText.Width(Text, 12) : Left;
}

/// <summary>How a mark differs from the others.</summary>
internal enum PictureEmphasis
{
    None,
    Ghost,
    Missing,
    Unexpected,
}
