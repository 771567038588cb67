namespace Diesel.Reactive.Testing;

/// <summary>One thing that happens in a diagram.</summary>
/// <param name="Time">When, from the diagram's instant zero; negative before the <c>^</c> of a hot stream.</param>
/// <param name="Kind">What.</param>
/// <param name="Spelling">How a value is written; null for all but <see cref="MarbleKind.Value"/>.</param>
/// <param name="Column">Where it stands in the text it was read from, in UTF-16 units from 0; -1 when it was not read.</param>
/// <param name="AnyOrder">The number, from 1, of the <c>{ }</c> it stands in: those of one number may come in any order;
/// 0 outside.</param>
public sealed record MarbleEvent(TimeSpan Time, MarbleKind Kind, MarbleSpelling? Spelling = null, int Column = -1, int AnyOrder = 0);
