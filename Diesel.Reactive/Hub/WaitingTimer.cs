namespace Diesel.Reactive;

/// <summary>A timer that waits, for who wants to look.</summary>
/// <param name="Due">When, since the hub began.</param>
/// <param name="What">What it will run.</param>
internal readonly record struct WaitingTimer(TimeSpan Due, WorkItem What);
