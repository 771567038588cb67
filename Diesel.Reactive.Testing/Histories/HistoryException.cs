namespace Diesel.Reactive.Testing;

/// <summary>What clients were told cannot be of the model.</summary>
public sealed class HistoryException : Exception
{
    internal HistoryException(HistoryFault fault)
        : base($"{fault}") => Fault = fault;

    /// <summary>The part of the history that cannot be.</summary>
    public HistoryFault Fault { get; }
}
