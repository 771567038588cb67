namespace Diesel.Reactive.Testing;

/// <summary>Which rules a diagram follows.</summary>
public enum MarbleDialect
{
    /// <summary>Ours: a superset of RxJS's run mode in which everything dubious is an error.</summary>
    Strict,

    /// <summary>RxJS 7's run mode to the letter, with its quirks.</summary>
    RxJs7,

    /// <summary>Swirly's specification files: a space is one frame, and there are no durations.</summary>
    Swirly,
}
