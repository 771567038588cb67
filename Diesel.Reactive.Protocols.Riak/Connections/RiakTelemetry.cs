using System.Reflection;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>What clients publish of their calls: one meter and one source of spans, named as the package.</summary>
internal static class RiakTelemetry
{
    public const string Name = "Diesel.Reactive.Protocols.Riak";

    // Texts are a server's, and may repeat what it was given: only what is known to be a reason is told.
    private static readonly string[] Reasons =
    [
        "timeout", "overload", "notfound", "modified", "match_found", "too_many_fails", "n_val_violation", "r_val_unsatisfied", "w_val_unsatisfied", "dw_val_unsatisfied",
        "pr_val_unsatisfied", "pw_val_unsatisfied", "insufficient_vnodes", "all_nodes_down", "mailbox_overload", "precommit_fail", "failed",
    ];

    private static readonly DatabaseTelemetry All = new(
        Name, "riak", typeof(RiakTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);

    /// <summary>A call begins.</summary>
    /// <returns>Null: nobody wants to know.</returns>
    public static DatabaseOperation? Begin(RiakRequest request, Hub hub) =>
        All.IsObserved ? All.Begin(request.Name, request.Bucket?.ToText(), request.Type?.ToText(), hub.TimeProvider) : null;

    /// <summary>Publishes a pool as long as it lives.</summary>
    public static DatabasePool Watch(string name, Func<PoolCounts> counts) => All.Watch(name, counts);

    /// <summary>It is over.</summary>
    public static void Finish(this DatabaseOperation? operation, Exception? error) => operation?.End(error, error is RiakErrorException said ? StatusOf(said) : null);

    /// <summary>Its caller has left.</summary>
    public static void Leave(this DatabaseOperation? operation) => operation?.End(new OperationCanceledException("Nobody waits for it any more."));

    private static string StatusOf(RiakErrorException error)
    {
        var word = error.Text.AsSpan().TrimStart('{');
        word = word[..(word.IndexOfAnyExceptInRange('_', 'z') is >= 0 and var end ? end : word.Length)];
        foreach (var reason in Reasons)
        {
            if (word.SequenceEqual(reason))
            {
                return reason;
            }
        }

        return $"{error.Code}";
    }
}
