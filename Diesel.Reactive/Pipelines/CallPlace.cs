namespace Diesel.Reactive;

/// <summary>Where a call stands that nobody holds.</summary>
internal static class CallPlace
{
    /// <summary>Somebody is about to send it.</summary>
    public static readonly object Claimed = new();

    /// <summary>In flight, in its place, and nobody waits for it.</summary>
    public static readonly object Abandoned = new();

    /// <summary>In flight, and out of the line: only its id is kept.</summary>
    public static readonly object Forgotten = new();

    /// <summary>Answered, failed or given up.</summary>
    public static readonly object Over = new();

    public static bool IsAbandoned(object? place) => place == Abandoned || place == Forgotten;
}

/// <summary>Who holds a call: a queue, a pipeline, or somebody on the way from one to the other. The hub's thread only.</summary>
internal interface ICallHolder<TReply>
{
    /// <summary>Where it lives. Any thread.</summary>
    Hub Hub { get; }

    /// <summary>The caller of a call that is held here does not wait for it any more.</summary>
    void Abandon(Call<TReply> call);
}

/// <summary>Who takes calls in.</summary>
internal interface ICallEntry<TReply> : ICallHolder<TReply>
{
    void Enter(Call<TReply> call);
}
