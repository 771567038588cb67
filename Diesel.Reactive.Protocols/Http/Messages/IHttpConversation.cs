using System.Net;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The connection a request came on, as the request sees it.</summary>
internal interface IHttpConversation
{
    Hub Hub { get; }

    EndPoint RemoteEndPoint { get; }

    EndPoint LocalEndPoint { get; }

    /// <summary>Cancelled when nobody can be answered any more.</summary>
    CancellationToken Aborted { get; }

    T? Feature<T>()
        where T : class;

    /// <summary>Reads the body of a request.</summary>
    IDisposable Read(HttpRequest request, IObserver<ReadOnlyMemory<byte>> observer);

    /// <summary>Holds the body that is read.</summary>
    IDisposable Pause();

    /// <summary>Sends an interim response.</summary>
    void Inform(HttpRequest request, int status, HttpHeaders headers);
}
