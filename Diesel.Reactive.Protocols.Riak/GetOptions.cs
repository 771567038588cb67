namespace Diesel.Reactive.Protocols.Riak;

/// <summary>How an object is read. What is null is as the bucket has it.</summary>
public sealed record GetOptions
{
    /// <summary>How many replicas have to answer.</summary>
    public Quorum? R { get; init; }

    /// <summary>How many primaries have to answer.</summary>
    public Quorum? PR { get; init; }

    /// <summary>Whether it is given up as soon as most have failed or not found it.</summary>
    public bool? BasicQuorum { get; init; }

    /// <summary>Whether not to find it is an answer.</summary>
    public bool? NotFoundOk { get; init; }

    /// <summary>A vclock: what still has it is not sent.</summary>
    public Bytes? IfModified { get; init; }

    /// <summary>Whether values are left out.</summary>
    public bool? Head { get; init; }

    /// <summary>Whether what was deleted shows its vclock.</summary>
    public bool? DeletedVClock { get; init; }

    /// <summary>Whether others may stand in for primaries.</summary>
    public bool? SloppyQuorum { get; init; }

    /// <summary>How many replicas there are.</summary>
    public int? NVal { get; init; }

    /// <summary>How many machines have to answer.</summary>
    public int? NodeConfirms { get; init; }
}

/// <summary>How an object is stored. What is null is as the bucket has it.</summary>
public sealed record PutOptions
{
    /// <summary>How many replicas have to have it.</summary>
    public Quorum? W { get; init; }

    /// <summary>How many replicas have to have written it.</summary>
    public Quorum? DW { get; init; }

    /// <summary>How many primaries have to have it.</summary>
    public Quorum? PW { get; init; }

    /// <summary>Whether it is refused (<c>modified</c>, <c>notfound</c>) unless what is there has the vclock that is given.</summary>
    public bool? IfNotModified { get; init; }

    /// <summary>Whether it is refused (<c>match_found</c>) if anything is there.</summary>
    public bool? IfNoneMatch { get; init; }

    /// <summary>Whether the reply has what is there afterwards, without the values.</summary>
    public bool? ReturnHead { get; init; }

    /// <summary>Whether vtag and time are stored as given.</summary>
    public bool? AsIs { get; init; }

    /// <summary>Whether others may stand in for primaries.</summary>
    public bool? SloppyQuorum { get; init; }

    /// <summary>How many replicas there are.</summary>
    public int? NVal { get; init; }

    /// <summary>How many machines have to have it.</summary>
    public int? NodeConfirms { get; init; }

    /// <summary>Whether it may be sent again when nobody knows whether it was stored. Null, the default: when it has a vclock and a key, as then the second overwrites the
    /// first.</summary>
    public bool? IsRepeatable { get; init; }
}

/// <summary>How an object is deleted. What is null is as the bucket has it.</summary>
public sealed record DeleteOptions
{
    /// <summary>How many replicas have to have deleted it.</summary>
    public Quorum? RW { get; init; }

    /// <summary>How many replicas have to answer.</summary>
    public Quorum? R { get; init; }

    /// <summary>How many replicas have to know of it.</summary>
    public Quorum? W { get; init; }

    /// <summary>How many primaries have to answer.</summary>
    public Quorum? PR { get; init; }

    /// <summary>How many primaries have to know of it.</summary>
    public Quorum? PW { get; init; }

    /// <summary>How many replicas have to have written it.</summary>
    public Quorum? DW { get; init; }

    /// <summary>Whether others may stand in for primaries.</summary>
    public bool? SloppyQuorum { get; init; }

    /// <summary>How many replicas there are.</summary>
    public int? NVal { get; init; }

    /// <summary>Whether it may be sent again when nobody knows whether it was done. Null, the default: when it has a vclock.</summary>
    public bool? IsRepeatable { get; init; }
}
