namespace Diesel.Reactive;

/// <summary>Something that happened to a file or a folder.</summary>
/// <param name="Kind">What.</param>
/// <param name="Path">Of the file, its new one if it was renamed; of <see cref="FileChangeKind.Lost"/> what was watched.</param>
/// <param name="OldPath">What it was called before; null unless it was renamed.</param>
public sealed record FileChange(FileChangeKind Kind, string Path, string? OldPath = null);
