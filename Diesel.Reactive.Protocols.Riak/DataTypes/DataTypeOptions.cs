namespace Diesel.Reactive.Protocols.Riak;

/// <summary>How a data type is read. What is null is as the bucket has it.</summary>
public sealed record FetchOptions
{
    internal static FetchOptions Default { get; } = new();

    /// <summary>How many replicas have to answer.</summary>
    public Quorum? R { get; init; }

    /// <summary>How many primaries have to answer.</summary>
    public Quorum? PR { get; init; }

    /// <summary>Whether it is given up as soon as most have failed or not found it.</summary>
    public bool? BasicQuorum { get; init; }

    /// <summary>Whether not to find it is an answer.</summary>
    public bool? NotFoundOk { get; init; }

    /// <summary>Whether others may stand in for primaries.</summary>
    public bool? SloppyQuorum { get; init; }

    /// <summary>How many replicas there are.</summary>
    public int? NVal { get; init; }

    /// <summary>Whether the context is told; null: it is.</summary>
    public bool? IncludeContext { get; init; }

    /// <summary>How many machines have to answer.</summary>
    public int? NodeConfirms { get; init; }
}

/// <summary>How a data type is changed. What is null is as the bucket has it.</summary>
public sealed record UpdateOptions
{
    internal static UpdateOptions Default { get; } = new();

    /// <summary>How many replicas have to have it.</summary>
    public Quorum? W { get; init; }

    /// <summary>How many replicas have to have written it.</summary>
    public Quorum? DW { get; init; }

    /// <summary>How many primaries have to have it.</summary>
    public Quorum? PW { get; init; }

    /// <summary>Whether the reply has the value; null: it has not.</summary>
    public bool? ReturnBody { get; init; }

    /// <summary>Whether others may stand in for primaries.</summary>
    public bool? SloppyQuorum { get; init; }

    /// <summary>How many replicas there are.</summary>
    public int? NVal { get; init; }

    /// <summary>Whether the context is told; null: it is.</summary>
    public bool? IncludeContext { get; init; }

    /// <summary>How many machines have to have it.</summary>
    public int? NodeConfirms { get; init; }

    /// <summary>Whether it may be sent again when nobody knows whether it was done: adding to a set may, counting may not. Default false.</summary>
    public bool IsRepeatable { get; init; }
}
