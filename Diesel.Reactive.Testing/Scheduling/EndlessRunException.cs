namespace Diesel.Reactive.Testing;

/// <summary>Virtual time did not come to an end: more actions ran than <see cref="MarbleScheduler.MaxActions"/>.</summary>
/// <remarks>Either something reschedules itself without a delay, or a timer repeats for ever and nobody unsubscribes.</remarks>
public sealed class EndlessRunException : InvalidOperationException
{
    /// <summary>Makes the error.</summary>
    /// <param name="actions">How many actions ran.</param>
    /// <param name="time">The instant that was reached, from the instant zero.</param>
    /// <param name="sameInstant">How many of the last of them ran at that instant.</param>
    public EndlessRunException(int actions, TimeSpan time, int sameInstant)
        : base(Describe(actions, time, sameInstant)) => (Actions, Time, ActionsAtTime) = (actions, time, sameInstant);

    internal EndlessRunException(EndlessRunException error, string diagrams)
        : base($"{error.Message}{Environment.NewLine}{diagrams}") =>
        (Actions, Time, ActionsAtTime) = (error.Actions, error.Time, error.ActionsAtTime);

    /// <summary>How many actions ran.</summary>
    public int Actions { get; }

    /// <summary>The instant that was reached, from the instant zero.</summary>
    public TimeSpan Time { get; }

    /// <summary>How many of the last of them ran at that instant.</summary>
    public int ActionsAtTime { get; }

    private static string Describe(int actions, TimeSpan time, int sameInstant) =>
        FormattableString.Invariant($"{actions} actions ran and there are more: virtual time does not end; it is {time.TotalMilliseconds} ms. ")
        + (sameInstant > actions / 2
            ? "Time stands still: something schedules itself again and again without a delay. "
            : "A timer repeats for ever: unsubscribe from it, with the subscription \"^---!\" or Take, or end the run at an instant, with AdvanceTo or MarbleOptions.End. ")
        + $"If so many actions are meant, raise {nameof(MarbleScheduler.MaxActions)}.";
}
