using System.Net.Sockets;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Testing;

/// <summary>One direction of a connection: what is under way from one end to the other, and the window that bounds it.</summary>
/// <remarks>Arrivals run on the receiver's hub; when its end is gone, on the sender's: a hub that was disposed runs nothing,
/// and the sender is still to hear that nobody is there.</remarks>
internal sealed class Pipe(VirtualNetwork network, Link link, Link back, VirtualTransport from, VirtualTransport to)
{
    private readonly Queue<Packet> _underWay = new();
    private readonly Queue<(TimeSpan Due, int Count)> _read = new();
    private IDisposable? _arriving;
    private IDisposable? _deadline;
    private int _outstanding;
    private byte[]? _refused;
    private bool _awaitsRoom;
    private bool _held;

    private enum PacketKind
    {
        Bytes,
        Fin,
        Reset,
    }

    public Link Link => link;

    /// <summary>Whether the sender was refused bytes and waits for room.</summary>
    public bool IsBlocked => _refused is not null;

    /// <summary>Bytes that have not arrived yet.</summary>
    public long BytesUnderWay { get; private set; }

    private int Room => Math.Max(link.Conditions.Window - _outstanding, 0);

    /// <summary>Takes what the window has room for.</summary>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        LearnWhatWasRead();
        var taken = Math.Min(bytes.Length, Room);
        Put(bytes[..taken]);
        if (taken < bytes.Length)
        {
            _refused = bytes[taken..][..Math.Min(link.Conditions.SentInBackground, bytes.Length - taken)].ToArray();
            AwaitRoom();
        }

        return taken;
    }

    public void SendFin()
    {
        network.Trace.Add(TraceKind.FinSent, link.Name, from.Connection);
        Put(PacketKind.Fin, default);
    }

    public void SendReset()
    {
        network.Trace.Add(TraceKind.ResetSent, link.Name, from.Connection);
        Put(PacketKind.Reset, default);
        if (_held)
        {
            LoseReset();
        }
    }

    /// <summary>The receiver has read so many bytes, which the sender learns when the news has come back.</summary>
    public void Read(int count)
    {
        _read.Enqueue((Times.Sum(network.Now, back.Conditions.Latency.Least), count));
        if (IsBlocked)
        {
            AwaitRoom();
        }
    }

    /// <summary>The receiver's end is gone: what still arrives concerns the sender alone.</summary>
    public void ReceiverIsGone()
    {
        _arriving?.Dispose();
        _arriving = null;
        AwaitArrival();
    }

    /// <summary>The window may have become larger.</summary>
    public void LookForRoom()
    {
        if (IsBlocked)
        {
            from.Hub.Schedule(TellRoom);
        }
    }

    /// <summary>Nothing of what is under way arrives.</summary>
    public void Drop()
    {
        _underWay.Clear();
        BytesUnderWay = 0;
        _deadline?.Dispose();
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            var copy = bytes.ToArray();
            _outstanding += copy.Length;
            network.Trace.Add(TraceKind.Sent, link.Name, from.Connection, copy);
            Put(PacketKind.Bytes, copy);
        }
    }

    // However the latencies were drawn, a stream stays in order: a packet waits for those before it.
    private void Put(PacketKind kind, ReadOnlyMemory<byte> bytes)
    {
        BytesUnderWay += bytes.Length;
        _underWay.Enqueue(new Packet(link.Arrival(bytes.Length), kind, bytes));
        AwaitArrival();
    }

    private void AwaitArrival()
    {
        if (_arriving is null && !_held && _underWay.TryPeek(out var next))
        {
            _arriving = (to.IsGone ? from : to).Hub.Schedule(next.Due - network.Now, Arrive);
        }
    }

    private void Arrive()
    {
        _arriving = null;
        if (!link.IsOpen)
        {
            HoldUp();
            return;
        }

        // Told at the end, once: what arrived together is read together.
        while (_underWay.TryPeek(out var packet) && packet.Due <= network.Now)
        {
            _underWay.Dequeue();
            BytesUnderWay -= packet.Bytes.Length;
            Deliver(packet);
        }

        AwaitArrival();
        to.Tell();
    }

    private void Deliver(Packet packet)
    {
        switch (packet.Kind)
        {
            case PacketKind.Bytes or PacketKind.Fin when to.IsGone:
                RefuseToSender(packet.Kind == PacketKind.Fin);
                break;
            case PacketKind.Bytes:
                to.Arrived(packet.Bytes);
                break;
            case PacketKind.Fin:
                to.FinArrived();
                break;
            default:
                to.Break(SocketError.ConnectionReset);
                break;
        }
    }

    private void RefuseToSender(bool fin)
    {
        if (!from.IsGone)
        {
            to.Refuse(fin);
        }
    }

    // Who resets a connection forgets it: neither the reset nor what was sent before is sent again.
    private void LoseReset()
    {
        if (link.IsPartitioned && _underWay.Any(static packet => packet.Kind == PacketKind.Reset))
        {
            Drop();
        }
    }

    private void HoldUp()
    {
        _held = true;
        LoseReset();
        if (link.IsPartitioned)
        {
            _deadline = from.Hub.Schedule(network.RetransmissionTimeout, GiveUp);
        }

        link.Hold(() =>
        {
            _held = false;
            _deadline?.Dispose();
            AwaitArrival();
        });
    }

    private void GiveUp()
    {
        Drop();
        from.Break(SocketError.TimedOut);
    }

    private void AwaitRoom()
    {
        if (!_awaitsRoom && _read.TryPeek(out var next))
        {
            _awaitsRoom = true;
            from.Hub.Schedule(next.Due - network.Now, () => back.WhenOpen(from.Hub, () =>
            {
                _awaitsRoom = false;
                TellRoom();
            }));
        }
    }

    private void TellRoom()
    {
        if (_refused is not { } refused || from.IsGone)
        {
            return;
        }

        // Not for every byte: a sender that fills small holes at once sends ever smaller pieces.
        LearnWhatWasRead();
        if (Room < (link.Conditions.Window + 1) / 2)
        {
            AwaitRoom();
            return;
        }

        var sent = Math.Min(refused.Length, Room);
        _refused = null;
        Put(refused.AsSpan(0, sent));
        from.TellWritable(sent);
    }

    private void LearnWhatWasRead()
    {
        while (back.IsOpen && _read.TryPeek(out var next) && next.Due <= network.Now)
        {
            _outstanding -= _read.Dequeue().Count;
        }
    }

    private readonly record struct Packet(TimeSpan Due, PacketKind Kind, ReadOnlyMemory<byte> Bytes);
}
