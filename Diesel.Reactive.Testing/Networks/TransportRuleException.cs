using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Testing;

/// <summary>Whoever uses a transport of ours has broken a rule of <see cref="ITransport"/> or <see cref="IDatagramTransport"/>.</summary>
internal sealed class TransportRuleException : InvalidOperationException
{
    private TransportRuleException(string message)
        : base(message)
    {
    }

    public static TransportRuleException AskedAgain(ITransport transport) =>
        new($"Receive was called again on {transport} before its answer. Ask once, and wait for OnReceived or OnFailed.");

    public static TransportRuleException AskedAfterTheEnd(ITransport transport) =>
        new($"Receive was called on {transport} after the peer's FIN was told. No chunk follows it: ask no more.");

    public static void ThrowIfOver(bool isOver, object transport, [CallerMemberName] string call = "")
    {
        if (isOver)
        {
            throw new TransportRuleException($"{call} was called on {transport} after it was closed, aborted or lost. Let go of it then.");
        }
    }

    public static TransportRuleException SentAfterItsEnd(ITransport transport) =>
        new($"Send was called on {transport} after ShutdownSend. Send first, end last.");

    public static TransportRuleException SentWhileFull(ITransport transport) =>
        new($"Send was called again on {transport} after it took fewer bytes. Wait for OnWritable.");
}
