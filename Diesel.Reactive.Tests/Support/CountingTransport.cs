using System.Net;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive.Tests;

/// <summary>Hears how often the transport below is given something, and how much it takes.</summary>
internal sealed class CountingTransport(ITransport inner) : ITransport
{
    public EndPoint LocalEndPoint => inner.LocalEndPoint;

    public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

    public long UntakenBytes => inner.UntakenBytes;

    /// <summary>Bytes taken by each call.</summary>
    public List<long> Taken { get; } = [];

    /// <summary>Bytes of files taken by each call.</summary>
    public List<long> Files { get; } = [];

    public override string? ToString() => inner.ToString();

    public void Start(ITransportHandler handler) => inner.Start(handler);

    public void Receive() => inner.Receive();

    public int Send(ReadOnlySpan<byte> bytes) => Counted(inner.Send(bytes));

    public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments) => Counted(inner.Send(segments));

    public bool TrySendFile(SafeFileHandle file, long offset, long count, out long taken)
    {
        var can = inner.TrySendFile(file, offset, count, out taken);
        if (can)
        {
            Files.Add(taken);
        }

        return can;
    }

    public void ShutdownSend() => inner.ShutdownSend();

    public void Close() => inner.Close();

    public void Abort() => inner.Abort();

    private int Counted(int taken)
    {
        Taken.Add(taken);
        return taken;
    }
}
