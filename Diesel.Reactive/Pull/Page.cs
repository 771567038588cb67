namespace Diesel.Reactive;

/// <summary>A part of a sequence that is asked for page by page.</summary>
/// <typeparam name="TCursor">What says where the next one begins.</typeparam>
/// <typeparam name="T">The items' type.</typeparam>
/// <param name="Items">May be empty.</param>
/// <param name="Next">Where to go on.</param>
/// <param name="IsLast">Whether there is nothing behind it.</param>
public readonly record struct Page<TCursor, T>(IReadOnlyList<T> Items, TCursor Next, bool IsLast = false);
