using System.Reactive;

namespace Diesel.Reactive.Testing;

/// <summary>What an observer shall be told.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <param name="Time">When, from the instant zero.</param>
/// <param name="Kind">A value, the completion or the error.</param>
/// <param name="Spelling">How the diagram writes a value; null for the others.</param>
/// <param name="Matches">Whether something that was told is it, whatever its time.</param>
/// <param name="AnyOrder">The number, from 1, of the <c>{ }</c> it stands in; 0 outside.</param>
internal sealed record ExpectedNotification<T>(
    TimeSpan Time, MarbleKind Kind, MarbleSpelling? Spelling, Func<Notification<T>, bool> Matches, int AnyOrder);
