namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>When the next documents of a cursor are asked for.</summary>
public enum MongoBatches
{
    /// <summary>When all that came were taken.</summary>
    WhenTaken,

    /// <summary>When some have come: the next come while these are taken, and wait.</summary>
    OneAhead,

    /// <summary>Once: the server sends them one after another, as fast as its connection is read, which is the cursor's alone meanwhile (an exhaust cursor). Where
    /// the server has none (a router, a balancer, within a transaction) it is as <see cref="WhenTaken"/>.</summary>
    Exhaust,
}
