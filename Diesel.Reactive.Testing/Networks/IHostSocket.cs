namespace Diesel.Reactive.Testing;

/// <summary>Something of a host's that is gone when the host crashes: a connection's end, a listener, a dial, a datagram
/// socket.</summary>
internal interface IHostSocket
{
    /// <summary>It is gone without a word: nobody is told, here or elsewhere.</summary>
    void Vanish();
}
