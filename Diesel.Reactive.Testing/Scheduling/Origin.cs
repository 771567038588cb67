using System.Diagnostics;

namespace Diesel.Reactive.Testing;

/// <summary>How a thread came to run what it runs, by what lies on its stack.</summary>
internal static class Origin
{
    public const string Task = "Task.Run";
    public const string Timer = "a timer in real time (System.Threading.Timer, Task.Delay, or an operator of Rx without a scheduler)";
    public const string Thread = "a thread of its own";
    public const string Rx = "an operator of Rx without a scheduler (Delay, ObserveOn, ...)";
    public const string Async = "async code that waits without a context (ConfigureAwait(false))";

    private const string Tasks = "System.Threading.Tasks.Task";

    /// <summary>In words; null: the pool was given it, most often async code that waits without a context, by who completed what it waited for.</summary>
    public static string? OfThisThread()
    {
        var (isPool, isRx) = (false, false);
        foreach (var frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            var method = DiagnosticMethodInfo.Create(frame);
            var type = method?.DeclaringTypeName ?? "";
            if (type.StartsWith("System.Threading.TimerQueue", StringComparison.Ordinal))
            {
                return Timer;
            }

            if (type == Tasks || type.StartsWith(Tasks + "`", StringComparison.Ordinal))
            {
                return method!.Name.StartsWith("Execute", StringComparison.Ordinal) ? Task : "the end of a task in real time";
            }

            if (type.StartsWith("System.Net.", StringComparison.Ordinal) || type.StartsWith("Microsoft.Win32.SafeHandles.", StringComparison.Ordinal))
            {
                return "real input or output";
            }

            isRx |= type.StartsWith("System.Reactive.", StringComparison.Ordinal);
            isPool |= type.Contains("ThreadPool", StringComparison.Ordinal);
        }

        // The pool runs it directly: somebody gave it what goes on, and gave it just now.
        return isPool ? null : isRx ? Rx : Thread;
    }
}
