using System.Net;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive;

/// <summary>A transport that takes what was queued before an upgrade, and no byte more: the rest is the layer's.</summary>
internal sealed class PlainRest(ITransport inner, Outbound output) : ITransport
{
    private readonly long _end = output.SentTotal + output.Pending;

    /// <summary>Whether more was offered: somebody waits to be told that there is room.</summary>
    public bool HasRefused { get; private set; }

    public ITransport Inner => inner;

    public EndPoint LocalEndPoint => inner.LocalEndPoint;

    public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

    public long UntakenBytes => inner.UntakenBytes;

    public override string? ToString() => inner.ToString();

    public void Start(ITransportHandler handler) => inner.Start(handler);

    public void Receive() => inner.Receive();

    public void Discard() => inner.Discard();

    public int Send(ReadOnlySpan<byte> bytes) => Send(bytes, behind: 0);

    public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments)
    {
        var taken = 0;
        foreach (var segment in segments)
        {
            var some = Send(segment.Span, taken);
            taken += some;
            if (some < segment.Length)
            {
                break;
            }
        }

        return taken;
    }

    public bool TrySendFile(SafeFileHandle file, long offset, long count, out long taken)
    {
        if (_end > output.SentTotal)
        {
            return inner.TrySendFile(file, offset, count, out taken);
        }

        taken = 0;
        HasRefused = true;
        return true;
    }

    public void ShutdownSend() => inner.ShutdownSend();

    public void Close() => inner.Close();

    public void Abort() => inner.Abort();

    public T? Feature<T>()
        where T : class => inner.Feature<T>();

    // The output counts what was taken when the call is over.
    private int Send(ReadOnlySpan<byte> bytes, int behind)
    {
        var rest = (int)Math.Min(bytes.Length, _end - output.SentTotal - behind);
        var taken = rest == 0 ? 0 : inner.Send(bytes[..rest]);
        HasRefused |= taken == rest && rest < bytes.Length;
        return taken;
    }
}
