using System.Net.Sockets;

namespace Diesel.Reactive.Testing;

/// <summary>What is done to a network: faults that are named, not drawn.</summary>
internal sealed class Incidents(VirtualNetwork network, Topology topology)
{
    public static void ThrowIfDrawn(FaultKind kind)
    {
        if (kind is not (>= FaultKind.Reset and <= FaultKind.Answer))
        {
            throw new ArgumentException($"A fault of the kind {kind} is drawn, not done: ask for it with LinkConditions.", nameof(kind));
        }
    }

    /// <summary>What a fault does; one that nothing can be made of throws.</summary>
    public Action Of(FaultKind kind, string where)
    {
        ThrowIfDrawn(kind);
        ArgumentNullException.ThrowIfNull(where);
        return kind is FaultKind.Crash or FaultKind.Silence or FaultKind.Answer ? ToHost(kind, topology.Named(where)) : ToLinks(kind, LinksOf(where));
    }

    public void Strike(FaultKind kind, string where)
    {
        var act = Of(kind, where);
        network.Chance.Note(kind, where);
        network.Trace.Add(TraceKind.Fault, where, note: kind.ToString());
        act();
    }

    private static Action ToHost(FaultKind kind, VirtualHost host) => kind switch
    {
        FaultKind.Crash => host.Crash,
        FaultKind.Silence => host.FallSilent,
        _ => host.Answer,
    };

    private static Action ToLinks(FaultKind kind, Link[] links) => kind switch
    {
        FaultKind.Reset => () => Reset(links),
        FaultKind.Stall => () => Array.ForEach(links, static link => link.Stall()),
        FaultKind.Resume => () => Array.ForEach(links, static link => link.Resume()),
        FaultKind.Partition => () => Array.ForEach(links, static link => link.Partition()),
        _ => () => Array.ForEach(links, static link => link.Heal()),
    };

    private static void Reset(Link[] links)
    {
        foreach (var end in links.SelectMany(Ends).Distinct().ToArray())
        {
            end.DropAll();
            end.Break(SocketError.ConnectionReset);
        }
    }

    private static IEnumerable<VirtualTransport> Ends(Link link) => link.From.Sockets.Concat(link.To.Sockets)
        .OfType<VirtualTransport>().Where(end => end.Outgoing.Link == link || end.Incoming.Link == link);

    private Link[] LinksOf(string where) => where.Split('→', '↔') is [var one, var other]
        ? Links(topology.Named(one), topology.Named(other), both: where.Contains('↔', StringComparison.Ordinal))
        : throw new ArgumentException($"'{where}' names no link: write client→server for one direction, client↔server for both.", nameof(where));

    private Link[] Links(VirtualHost one, VirtualHost other, bool both) =>
        both ? [topology.LinkOf(one, other), topology.LinkOf(other, one)] : [topology.LinkOf(one, other)];
}
