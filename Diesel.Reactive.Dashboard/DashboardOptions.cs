using System.Runtime.CompilerServices;
using Spectre.Console;

namespace Diesel.Reactive.Dashboard;

/// <summary>How a dashboard is shown.</summary>
public sealed record DashboardOptions
{
    private readonly TimeSpan _every = TimeSpan.FromSeconds(1);
    private readonly TimeSpan _everyLine = TimeSpan.FromSeconds(10);

    /// <summary>How often it is drawn anew, in a terminal. Default 1 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or less.</exception>
    public TimeSpan Every { get => _every; init => _every = Positive(value); }

    /// <summary>How often a line is written where there is no terminal: into a file, a pipe, a log. Default 10 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or less.</exception>
    public TimeSpan EveryLine { get => _everyLine; init => _everyLine = Positive(value); }

    /// <summary>Where it is shown; null: in the program's terminal.</summary>
    public IAnsiConsole? Console { get; init; }

    /// <summary>How far long operations are: transfers, soaks, simulations. Each report takes the place of the last one of its name. Null: there are none.</summary>
    public IObservable<DashboardProgress>? Progress { get; init; }

    private static TimeSpan Positive(TimeSpan value, [CallerMemberName] string name = "") =>
        value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be greater than zero.");
}

/// <summary>How far a long operation is.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Done">How much is done: bytes, seeds, seconds.</param>
/// <param name="Total">Of how much; null: nobody knows.</param>
public sealed record DashboardProgress(string Name, double Done, double? Total = null);
