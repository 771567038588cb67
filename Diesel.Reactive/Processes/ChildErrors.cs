namespace Diesel.Reactive;

/// <summary>Where a child's standard error goes.</summary>
public enum ChildErrors
{
    /// <summary>To <see cref="ChildProcess.Errors"/>, line by line.</summary>
    Lines,

    /// <summary>To this process's standard error.</summary>
    Inherit,

    /// <summary>To the child's standard output, in between.</summary>
    WithOutput,

    /// <summary>Nowhere.</summary>
    Discard,
}
