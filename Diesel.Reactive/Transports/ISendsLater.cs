namespace Diesel.Reactive;

/// <summary>A transport that goes on sending bytes which it has not said it took.</summary>
internal interface ISendsLater
{
    /// <summary>Bytes behind those that were taken that may have left all the same.</summary>
    int Uncounted { get; }
}
