using System.Globalization;
using System.Text;

namespace Diesel.Reactive;

/// <summary>A loop as it was at one time, and its children.</summary>
/// <remarks>As text it is a tree, a line for each loop. Idea: diesel's <c>print_greenlet_stacks</c> and <c>CPUStats</c>.</remarks>
public sealed record LoopStatus
{
    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>How far it is.</summary>
    public required LoopState State { get; init; }

    /// <summary>How long it has been in this state.</summary>
    public required TimeSpan Since { get; init; }

    /// <summary>How often it has died and begun again.</summary>
    public int Deaths { get; init; }

    /// <summary>What it threw when it died last; null: nothing.</summary>
    public Exception? LastError { get; init; }

    /// <summary>What it waits for, as errors show it; empty while it runs, and when it waits for something that is not of a hub, as a
    /// task is.</summary>
    public IReadOnlyList<string> WaitsFor { get; init; } = [];

    /// <summary>Time of the hub's that its code has used, as far as that was measured.</summary>
    public TimeSpan HubTime { get; init; }

    /// <summary>Those that end with it, by name.</summary>
    public IReadOnlyList<LoopStatus> Children { get; init; } = [];

    /// <summary>Itself, its children, their children, ….</summary>
    /// <returns>A parent comes before its children.</returns>
    public IEnumerable<LoopStatus> All() => Children.SelectMany(static child => child.All()).Prepend(this);

    /// <summary>The tree, a line for each loop.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        WriteTo(text, "", "");
        return text.ToString(0, text.Length - 1);
    }

    internal static IReadOnlyList<LoopStatus> Of(IEnumerable<Loop> loops) =>
        [.. loops.Select(static loop => loop.Status).OrderBy(static status => status.Name, StringComparer.Ordinal)];

    internal void WriteTo(StringBuilder text, string indent, string below)
    {
        text.Append(indent).Append(Label.OneLine(Name)).Append("  ").Append(State.ToString().ToLowerInvariant())
            .Append(CultureInfo.InvariantCulture, $" for {Since.TotalSeconds:0.###} s");
        Add(text, Deaths > 0, $"died {(Deaths == 1 ? "once" : $"{Deaths} times")}{(LastError is null ? "" : $", {LastError.GetType().Name}")}");
        Add(text, WaitsFor.Count > 0, $"waits for {string.Join(", ", WaitsFor)}");
        Add(text, HubTime > TimeSpan.Zero, string.Create(CultureInfo.InvariantCulture, $"used {HubTime.TotalMilliseconds:0.###} ms"));
        text.Append('\n');
        for (var i = 0; i < Children.Count; i++)
        {
            var isLast = i == Children.Count - 1;
            Children[i].WriteTo(text, below + (isLast ? "└ " : "├ "), below + (isLast ? "  " : "│ "));
        }
    }

    private static void Add(StringBuilder text, bool isThere, string what)
    {
        if (isThere)
        {
            text.Append("; ").Append(Label.OneLine(what));
        }
    }
}
