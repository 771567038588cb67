using System.Net;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Testing;

/// <summary>One datagram on its way, and what befalls it there.</summary>
internal sealed class DatagramFlight(
    VirtualNetwork network, Link link, VirtualDatagrams socket, EndPoint sender, IPEndPoint receiver, ReadOnlyMemory<byte> payload)
{
    private VirtualDatagrams? Receiver => link.To.DatagramsAt(receiver);

    // All is drawn for each datagram, whatever becomes of it: so a fault that is taken away leaves those of later ones.
    public void Start()
    {
        Trace(TraceKind.DatagramSent);
        var conditions = link.Conditions;
        var isLost = Strikes(FaultKind.Loss, conditions.Loss);
        var isTwice = Strikes(FaultKind.Duplication, conditions.Duplication);
        var isLate = Strikes(FaultKind.Reordering, conditions.Reordering);
        var due = link.Arrival(payload.Length);
        if (isLost || link.IsPartitioned || link.To.IsSilent)
        {
            Trace(TraceKind.DatagramLost);
            return;
        }

        if (isLate)
        {
            Trace(TraceKind.DatagramHeldBack);
            due = Times.Sum(due, conditions.ReorderingDelay);
        }

        Fly(due);
        if (isTwice)
        {
            Trace(TraceKind.DatagramDuplicated);
            Fly(due);
        }
    }

    private bool Strikes(FaultKind kind, double probability) => network.Chance.Strikes(kind, link.Name, probability);

    // On the receiver's hub, if there is one: the sender may be gone by then.
    private void Fly(TimeSpan due) => On((Receiver ?? socket).Hub, due);

    private void On(IHub hub, TimeSpan due) => hub.Schedule(due - network.Now, () =>
    {
        if (link.IsPartitioned)
        {
            Trace(TraceKind.DatagramLost);
        }
        else
        {
            link.WhenOpen(hub, () => Arrive(hub));
        }
    });

    private void Arrive(IHub hub)
    {
        if (Receiver is not { } there)
        {
            Trace(TraceKind.DatagramLost);
            network.LinkOf(link.To, link.From).Carry(socket.Hub, 0, socket.Refused);
        }
        else if (there.Hub != hub)
        {
            On(there.Hub, network.Now);
        }
        else if (there.Takes(sender))
        {
            Trace(TraceKind.DatagramReceived);
            there.Receive(new Datagram(payload, sender));
        }
        else
        {
            Trace(TraceKind.DatagramLost);
        }
    }

    private void Trace(TraceKind kind) => network.Trace.Add(kind, link.Name, bytes: payload);
}
