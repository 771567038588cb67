namespace Diesel.Reactive;

/// <summary>Which side of its marks a connection's output is: above them, replies hold the input they answer, and any output tells
/// the producers to wait.</summary>
internal struct OutputMarks
{
    private long _replies;
    private bool _holding;

    /// <summary>Producers should wait.</summary>
    public bool IsAbove { get; private set; }

    /// <summary>So many more bytes of replies wait.</summary>
    public void Count(long replies) => _replies += replies;

    /// <summary>Holds the input, or lets go of it.</summary>
    /// <param name="options">Where the marks are.</param>
    /// <param name="input">What the replies answer.</param>
    /// <param name="pending">How many bytes wait.</param>
    /// <returns>Whether <see cref="IsAbove"/> has changed.</returns>
    public bool Look(ConnectionOptions options, Inbound input, long pending)
    {
        // First, as an input that is let go of may be answered at once, with another look.
        var isChanged = IsAbove ? pending < options.LowWaterMark : pending > options.HighWaterMark;
        IsAbove ^= isChanged;
        if (!_holding && _replies > options.HighWaterMark)
        {
            _holding = true;
            input.Hold();
        }
        else if (_replies < options.LowWaterMark)
        {
            LetGo(input);
        }

        return isChanged;
    }

    /// <summary>The replies hold nothing any more.</summary>
    public void LetGo(Inbound input)
    {
        if (_holding)
        {
            _holding = false;
            input.Release();
        }
    }
}
