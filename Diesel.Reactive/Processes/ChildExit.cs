namespace Diesel.Reactive;

/// <summary>How a child process has ended.</summary>
/// <param name="Code">What it returned; of one that a signal has ended 128 and the signal's number, as a shell says; -1 when nobody knows.</param>
/// <param name="Signal">The number of the signal that has ended it; null: it has ended by itself.</param>
public readonly record struct ChildExit(int Code, int? Signal = null)
{
    /// <summary>Whether it returned 0.</summary>
    public bool IsSuccess => Code == 0;

    /// <summary>In a few words.</summary>
    public override string ToString() => Signal is { } signal ? $"was ended by signal {signal}" : Code < 0 ? "has ended" : $"has ended with code {Code}";

    /// <summary>Of <c>waitpid</c>'s status; null: nobody knows.</summary>
    internal static ChildExit Of(int? status) => status switch
    {
        null => new(-1),
        { } exited when (exited & 0x7f) == 0 => new((exited >> 8) & 0xff),
        { } killed => new(128 + (killed & 0x7f), killed & 0x7f),
    };
}
