using System.Reactive;

namespace Diesel.Reactive;

/// <summary>A transport over a transport that has to agree with its peer's before it carries anything: TLS, say.</summary>
/// <remarks>
/// <para>It is made on the hub with the transport it lies over, and its <see cref="ITransport.Start"/> starts that one with itself as
/// the handler. Until it is open, <see cref="ITransport.Send(ReadOnlySpan{byte})"/> takes nothing, and says so once it is with
/// <see cref="ITransportHandler.OnWritable"/>. What it receives before its first <see cref="ITransport.Receive()"/> stays with it.</para>
/// <para>It passes on what it does not change: endpoints, bytes not taken yet, ends, failures, and what the transport below knows
/// (<see cref="ITransport.Feature"/>). Its <see cref="ITransport.Close"/> and <see cref="ITransport.Abort"/> let go of that one, too.</para>
/// <para>A layer that has nothing to agree on is any <see cref="ITransport"/>.</para>
/// </remarks>
public interface ILayer : ITransport
{
    /// <summary>Whether both sides have agreed: one value, or completion, once they have; the error, if they cannot.</summary>
    /// <remarks>Subscribed after <see cref="ITransport.Start"/>, and told in turns of the hub, also one who comes late. After a failure
    /// the layer still passes on what it has to say to its peer, and its end. A connection that is lost meanwhile is told to the handler.</remarks>
    IObservable<Unit> Opened { get; }
}
