namespace Diesel.Reactive.Protocols.Redis;

/// <summary>How <c>Shutdown</c> ends a server.</summary>
public readonly record struct ShutdownOptions
{
    /// <summary>Whether it saves first; null: if it is set up to.</summary>
    public bool? Save { get; init; }

    /// <summary>Whether it does not wait for replicas that lag behind.</summary>
    public bool Now { get; init; }

    /// <summary>Whether it ends although it could not save.</summary>
    public bool Force { get; init; }

    internal ReadOnlySpan<Bytes> Words() =>
        (Bytes[])[.. Save is { } save ? new Bytes[] { save ? "SAVE" : "NOSAVE" } : [], .. "NOW".If(Now), .. "FORCE".If(Force)];
}
