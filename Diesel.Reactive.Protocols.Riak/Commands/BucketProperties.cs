namespace Diesel.Reactive.Protocols.Riak;

/// <summary>What holds of a bucket, or a type of them. To set some, set those: what is null stays as it is.</summary>
public sealed record BucketProperties
{
    /// <summary>How many replicas there are.</summary>
    public int? NVal { get; init; }

    /// <summary>Whether siblings are kept.</summary>
    public bool? AllowMult { get; init; }

    /// <summary>Whether the last one to write wins, without looking.</summary>
    public bool? LastWriteWins { get; init; }

    /// <summary>What is called before something is stored; empty: nothing.</summary>
    public IReadOnlyList<CommitHook>? PreCommit { get; init; }

    /// <summary>What is called when something was stored; empty: nothing.</summary>
    public IReadOnlyList<CommitHook>? PostCommit { get; init; }

    /// <summary>What spreads keys.</summary>
    public ModuleFunction? HashFunction { get; init; }

    /// <summary>What finds links.</summary>
    public ModuleFunction? LinkFunction { get; init; }

    /// <summary>When vclocks are old, in seconds.</summary>
    public TimeSpan? OldVClock { get; init; }

    /// <summary>When vclocks are young, in seconds.</summary>
    public TimeSpan? YoungVClock { get; init; }

    /// <summary>When vclocks are big, in entries.</summary>
    public int? BigVClock { get; init; }

    /// <summary>When vclocks are small, in entries.</summary>
    public int? SmallVClock { get; init; }

    /// <summary>How many primaries have to answer.</summary>
    public Quorum? PR { get; init; }

    /// <summary>How many replicas have to answer.</summary>
    public Quorum? R { get; init; }

    /// <summary>How many replicas have to have what is stored.</summary>
    public Quorum? W { get; init; }

    /// <summary>How many primaries have to have what is stored.</summary>
    public Quorum? PW { get; init; }

    /// <summary>How many replicas have to have written what is stored.</summary>
    public Quorum? DW { get; init; }

    /// <summary>How many replicas have to have deleted what is.</summary>
    public Quorum? RW { get; init; }

    /// <summary>Whether reading is given up as soon as most have failed or not found it.</summary>
    public bool? BasicQuorum { get; init; }

    /// <summary>Whether not to find it is an answer.</summary>
    public bool? NotFoundOk { get; init; }

    /// <summary>What keeps it.</summary>
    public string? Backend { get; init; }

    /// <summary>Whether it is searched; of old nodes.</summary>
    public bool? IsSearched { get; init; }

    /// <summary>How it goes to other clusters.</summary>
    public Replication? Replication { get; init; }

    /// <summary>What finds it; of old nodes.</summary>
    public string? SearchIndex { get; init; }

    /// <summary>Which data type is kept: <c>counter</c>, <c>set</c>, <c>map</c>, <c>hll</c>, <c>gset</c>. Only read.</summary>
    public string? DataType { get; init; }

    /// <summary>Whether it is strongly consistent. Only read.</summary>
    public bool? IsConsistent { get; init; }

    /// <summary>Whether keys are written once. Only read.</summary>
    public bool? IsWriteOnce { get; init; }

    /// <summary>How exactly <c>hll</c> counts, 4 to 16.</summary>
    public int? HllPrecision { get; init; }
}

/// <summary>A function of Erlang.</summary>
/// <param name="Module">Its module.</param>
/// <param name="Function">Its name.</param>
public sealed record ModuleFunction(string Module, string Function);

/// <summary>What is called when something is stored: a function, or one of JavaScript by its name.</summary>
/// <param name="Function">Of Erlang; null: it has a name.</param>
/// <param name="Name">Of JavaScript; null: it is a function.</param>
public sealed record CommitHook(ModuleFunction? Function, string? Name = null);

/// <summary>How a bucket goes to other clusters.</summary>
public enum Replication
{
    /// <summary>It does not.</summary>
    None = 0,

    /// <summary>At once.</summary>
    RealTime = 1,

    /// <summary>Now and then.</summary>
    FullSync = 2,

    /// <summary>Both.</summary>
    Both = 3,
}
