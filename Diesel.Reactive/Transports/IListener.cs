using System.Net;

namespace Diesel.Reactive;

/// <summary>A listening endpoint.</summary>
/// <remarks>After <see cref="IDisposable.Dispose"/> every call does nothing.</remarks>
public interface IListener : IDisposable
{
    /// <summary>Where it listens, with the port the system chose.</summary>
    EndPoint LocalEndPoint { get; }

    /// <summary>Stops accepting for a while: further peers wait in the backlog. The hub's thread only.</summary>
    void Pause();

    /// <summary>Goes on accepting. The hub's thread only.</summary>
    void Resume();
}
