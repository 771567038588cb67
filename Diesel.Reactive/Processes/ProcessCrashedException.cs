namespace Diesel.Reactive;

/// <summary>A process of a <see cref="ProcessPool"/> has ended, or said what is no reply, in the middle of a call. Nobody knows how far the work
/// was; the next call has another process.</summary>
public sealed class ProcessCrashedException : IOException
{
    internal ProcessCrashedException(string process, ChildExit? exit, IReadOnlyList<string> errors, Exception cause)
        : base($"{process} {exit?.ToString() ?? "was killed"} in the middle of a call{(errors.Count == 0 ? "" : $"; it said: {errors[^1]}")}", cause) =>
        (Exit, Errors) = (exit, errors);

    /// <summary>How it has ended; null: it had not, and was killed.</summary>
    public ChildExit? Exit { get; }

    /// <summary>The last lines of its standard error.</summary>
    public IReadOnlyList<string> Errors { get; }
}
