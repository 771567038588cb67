namespace Diesel.Reactive;

/// <summary>How a child process is started, and what bounds its streams.</summary>
public sealed record ChildOptions
{
    /// <summary>Where it begins; null, the default: in this process's folder.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables of its environment that differ from this process's: null takes one away. Default: none.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Whether it gets no variables but those of <see cref="Environment"/>. Default false.</summary>
    public bool ClearEnvironment { get; init; }

    /// <summary>Where its standard error goes; default <see cref="ChildErrors.Lines"/>.</summary>
    public ChildErrors Errors { get; init; } = ChildErrors.Lines;

    /// <summary>Bounds of the connection to its input and output.</summary>
    public ConnectionOptions Connection { get; init; } = ConnectionOptions.Default;

    internal static ChildOptions Default { get; } = new();
}
