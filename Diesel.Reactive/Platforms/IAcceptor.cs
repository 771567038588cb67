using System.Net;

namespace Diesel.Reactive;

/// <summary>How a listener does what its <see cref="AcceptRest"/> decides, by its loop's own system calls.</summary>
internal interface IAcceptor
{
    EndPoint LocalEndPoint { get; }

    /// <summary>Opens the cheapest thing that has a descriptor; null: there is none.</summary>
    IDisposable? OpenSpare();

    /// <summary>Whether two could be opened now.</summary>
    bool HasTwoSpares();

    /// <summary>Accepts somebody who waits, only to reset the connection. False: nobody waits, or it cannot.</summary>
    bool RefuseOne();

    /// <summary>It has begun to rest, or has rested.</summary>
    void RestChanged();
}
