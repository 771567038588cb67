using System.Reactive;

namespace Diesel.Reactive.Testing;

/// <summary>What an observer was told, and when.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <param name="Time">From the instant zero of the run; for an inner stream, from the instant it was told.</param>
/// <param name="Notification">A value, the completion, or the error.</param>
public readonly record struct RecordedNotification<T>(TimeSpan Time, Notification<T> Notification);
