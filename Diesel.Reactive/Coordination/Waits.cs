using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary>How long to wait, as callers say it: nothing or infinite is for ever, zero is now or never.</summary>
internal static class Waits
{
    public static TimeSpan For(TimeSpan? timeout, [CallerArgumentExpression(nameof(timeout))] string name = "")
    {
        var span = timeout ?? Timeout.InfiniteTimeSpan;
        return span >= TimeSpan.Zero || span == Timeout.InfiniteTimeSpan
            ? span
            : throw new ArgumentOutOfRangeException(name, span, "A timeout is zero (now or never), a span, or Timeout.InfiniteTimeSpan (for ever).");
    }

    public static string Text(TimeSpan timeout) => timeout == TimeSpan.Zero ? "at once" : $"within {timeout}";
}
