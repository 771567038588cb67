namespace Diesel.Reactive;

/// <summary>Something that happened to a loop that was forked.</summary>
/// <param name="Loop">Which one.</param>
/// <param name="State">What it has come to: <see cref="LoopState.Running"/> when it has begun,
/// <see cref="LoopState.Restarting"/> when it has died and is kept alive, <see cref="LoopState.Ended"/>.</param>
/// <param name="At">When, on the hub's clock.</param>
/// <param name="Deaths">How often it has died and begun again, or will.</param>
/// <param name="Error">What it threw; null: nothing.</param>
/// <param name="Pause">How long until it begins again; null unless it is <see cref="LoopState.Restarting"/>.</param>
public sealed record LoopEvent(Loop Loop, LoopState State, DateTimeOffset At, int Deaths = 0, Exception? Error = null, TimeSpan? Pause = null)
{
    /// <summary>One line for a log.</summary>
    public override string ToString() => Label.OneLine(
        $"{Loop} {Verb}{(Error is null ? "" : $": {Error.GetType().Name}: {Label.MessageOf(Error)}")}");

    private string Verb => State switch
    {
        LoopState.Running => "has begun",
        LoopState.Restarting => $"has died for the {Ordinal(Deaths)} time and begins again in {Pause?.TotalSeconds:0.###} s",
        _ => "has ended",
    };

    private static string Ordinal(int count) => count switch
    {
        1 => "first",
        2 => "second",
        3 => "third",
        _ => $"{count}th",
    };
}
