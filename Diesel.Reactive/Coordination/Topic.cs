namespace Diesel.Reactive;

/// <summary>A name for <see cref="Signals"/> with the type of what is fired under it.</summary>
/// <typeparam name="T">What is fired.</typeparam>
/// <param name="Name">Equal names of one type are one topic; the same name with another type is another topic.</param>
public sealed record Topic<T>(string Name);
