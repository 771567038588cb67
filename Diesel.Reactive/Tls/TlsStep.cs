namespace Diesel.Reactive;

/// <summary>Where a step of a handshake runs.</summary>
internal enum TlsStep
{
    /// <summary>On the hub, as it costs less than a thread's waking.</summary>
    Here,

    /// <summary>In the queue of those that only reckon, on its threads.</summary>
    Queued,

    /// <summary>On the pool, where it may wait for whatever the program, or an authority's server, makes it wait for.</summary>
    OnPool,
}
