using System.Diagnostics;

namespace Diesel.Reactive.Benchmarks.Stress;

/// <summary>How one side saw the connection end.</summary>
internal enum End
{
    NotYet,
    Fin,
    Reset,
}

/// <summary>What both sides of one connection sent and received, and how it ended for each.</summary>
internal sealed class Account(Plan plan)
{
    const int CountLength = sizeof(long);

    long _progress = Stopwatch.GetTimestamp();

    public Plan Plan => plan;

    public long ClientSent { get; set; }

    public long ClientReceived { get; set; }

    public long ServerSent { get; set; }

    public long ServerReceived { get; set; }

    public End ClientEnd { get; set; }

    public End ServerEnd { get; set; }

    public bool ClientDone { get; set; }

    public bool ServerDone { get; set; }

    /// <summary>A reset can overtake the accept: then the server never knew this connection.</summary>
    public bool MayBeUnknownToServer => plan.Deed == Deed.Vanish || (plan.Deed == Deed.ClientResets && ServerReceived == 0);

    /// <summary>The first thing that must not have happened.</summary>
    public string? Defect { get; private set; }

    public TimeSpan SinceProgress => Stopwatch.GetElapsedTime(Volatile.Read(ref _progress));

    public void Progress() => Volatile.Write(ref _progress, Stopwatch.GetTimestamp());

    public void Blame(string defect) => Defect ??= defect;

    /// <summary>Both sides are done: what does not add up is a defect.</summary>
    public void Settle()
    {
        switch (plan.Deed)
        {
            case Deed.Echo:
                Ends(End.Fin, End.Fin);
                Equal(plan.ClientBytes, ClientSent, ServerReceived, ServerSent, ClientReceived);
                break;
            case Deed.Sink:
                Ends(End.Fin, End.Fin);
                Equal(plan.ClientBytes, ClientSent, ServerReceived);
                Equal(CountLength, ServerSent, ClientReceived);
                break;
            case Deed.Source or Deed.Duplex:
                Ends(End.Fin, End.Fin);
                Equal(plan.ClientBytes, ClientSent, ServerReceived);
                Equal(plan.ServerBytes, ServerSent, ClientReceived);
                break;
            case Deed.ServerCloses:
                Ends(End.Fin, ServerEnd);
                Equal(plan.ClientBytes, ClientSent);
                Equal(ServerSent, ClientReceived);
                AtMost(ClientSent, ServerReceived);
                break;
            case Deed.ServerResets:
                Ends(End.Reset, ServerEnd);
                Prefixes();
                break;
            case Deed.ClientResets:
                Ends(End.Reset, End.Reset);
                Prefixes();
                break;
            default:
                break;
        }
    }

    public override string ToString() =>
        $"{plan}; client sent {ClientSent}, server received {ServerReceived} ({ServerEnd}), server sent {ServerSent}, "
        + $"client received {ClientReceived} ({ClientEnd}), {SinceProgress.TotalSeconds:0.0} s since the last byte"
        + (Defect is null ? "" : $"; {Defect}");

    void Prefixes()
    {
        AtMost(ClientSent, ServerReceived);
        AtMost(ServerSent, ClientReceived);
    }

    void Ends(End client, End server)
    {
        if ((ClientEnd, ServerEnd) != (client, server))
        {
            Blame($"ended {ClientEnd}/{ServerEnd} instead of {client}/{server}");
        }
    }

    void Equal(long expected, params ReadOnlySpan<long> counts)
    {
        foreach (var count in counts)
        {
            if (count != expected)
            {
                Blame($"{count} bytes instead of {expected}");
            }
        }
    }

    void AtMost(long most, long count)
    {
        if (count > most)
        {
            Blame($"{count} bytes received of {most} sent");
        }
    }
}
