using System.Collections;
using System.Reflection;

namespace Diesel.Reactive.Testing;

/// <summary>The timers of the system that code of a run has started, and that are still to fire when the run is over.</summary>
/// <remarks>The runtime lists its timers for debuggers only. Where it does not do so as expected, nothing is found.</remarks>
internal static class RealTimers
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
    private const int MostLookedAt = 10_000;
    private const int MostDeep = 8;

    private static readonly Type? Queue = typeof(Timer).Assembly.GetType("System.Threading.TimerQueue");
    private static readonly Type? Entry = typeof(Timer).Assembly.GetType("System.Threading.TimerQueueTimer");
    private static readonly PropertyInfo? Queues = Queue?.GetProperty("Instances", Any);
    private static readonly MethodInfo? List = Queue?.GetMethod("GetTimersForDebugger", Any, []);
    private static readonly FieldInfo? Context = Entry?.GetField("_executionContext", Any);
    private static readonly FieldInfo? State = Entry?.GetField("_state", Any);
    private static readonly FieldInfo? Next = typeof(Task).GetField("m_continuationObject", Any);

    // Where async code of a task keeps its context.
    private static readonly FieldInfo? Flow = typeof(Task).GetField("m_stateObject", Any);

    /// <summary>Whether they can be found on this runtime.</summary>
    public static bool CanBeFound => Queues is not null && List is not null && Context is not null && State is not null && Next is not null && Flow is not null;

    /// <summary>What is wrong with a run that has some; null: it has none.</summary>
    public static string? Of(VirtualRun run) => Started(owner => ReferenceEquals(owner, run)).FirstOrDefault().What;

    /// <summary>The runs that have some, and what is wrong with them.</summary>
    public static IEnumerable<(VirtualRun Run, string What)> Of(RunWatch watch) => Started(owner => ReferenceEquals(owner.Watch, watch));

    private static IEnumerable<(VirtualRun Run, string What)> Started(Func<VirtualRun, bool> isAsked)
    {
        if (!CanBeFound || Timer.ActiveCount == 0)
        {
            yield break;
        }

        foreach (var timer in ((IEnumerable)Queues!.GetValue(null)!).Cast<object>().SelectMany(TimersOf).Take(MostLookedAt))
        {
            if (OwnerOf(timer) is { } run && isAsked(run))
            {
                yield return (run, What(State!.GetValue(timer)));
            }
        }
    }

    // Nobody holds the list still for a reader.
    private static IEnumerable<object> TimersOf(object queue) => ((IEnumerable)List!.Invoke(queue, null)!).Cast<object>();

    private static VirtualRun? OwnerOf(object timer) =>
        IsOfRxItself(State!.GetValue(timer)) ? null
        : Context!.GetValue(timer) is ExecutionContext context ? VirtualRun.Of(context)
        : State!.GetValue(timer) is Task delay ? WaiterOf(Next!.GetValue(delay)) : null;

    // Who awaits a delay: async code with its own context or without, or a task that does.
    private static VirtualRun? WaiterOf(object? waiter, int depth = 0)
    {
        if (waiter is null || depth == MostDeep)
        {
            return null;
        }

        return waiter is Task task ? Flow!.GetValue(task) is ExecutionContext context ? VirtualRun.Of(context) : WaiterOf(Next!.GetValue(task), depth + 1)
            : FieldOf(waiter.GetType(), "m_action")?.GetValue(waiter) is Delegate action ? WaiterOf(action.Target, depth + 1)
            : waiter is IEnumerable waiters ? waiters.Cast<object?>().Select(one => WaiterOf(one, depth + 1)).FirstOrDefault(static run => run is not null) : null;
    }

    private static FieldInfo? FieldOf(Type? type, string name) =>
        type is null ? null : type.GetField(name, Any | BindingFlags.DeclaredOnly) ?? FieldOf(type.BaseType, name);

    private static string What(object? state) =>
        $"A real timer leaked into virtual time: {Name(state)} is still to come when the run is over, and what it would tell is seen by nobody. Pass " +
        "t.Scheduler to the operator, or t.TimeProvider to the async code, or use t.TimeProvider.CreateTimer.";

    private static bool IsOfRx(object? state) => state?.GetType().Assembly == typeof(System.Reactive.Unit).Assembly;

    // It watches the system's clock from the first time on that somebody waits for an instant.
    private static bool IsOfRxItself(object? state) => IsOfRx(state)
        && FieldOf(state!.GetType(), "_action")?.GetValue(state) is Delegate { Method.DeclaringType.Namespace: "System.Reactive.PlatformServices" };

    private static string Name(object? state) => state switch
    {
        Task => "Task.Delay",
        not null when IsOfRx(state) => "an operator of Rx without a scheduler (Timer, Throttle, Delay, ...)",
        _ => "a System.Threading.Timer",
    };
}
