using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>A body that is asked for piece after piece, as the client takes it.</summary>
internal sealed class HttpPulledBody(IAsyncEnumerable<ReadOnlyMemory<byte>> pieces) : IObservable<ReadOnlyMemory<byte>>
{
    /// <summary>At whatever pace.</summary>
    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer) => Subscribe(observer, null);

    /// <summary>At the pace of a connection.</summary>
    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer, Connection? connection)
    {
        var over = new CancellationDisposable();
        _ = Pull(observer, connection, over.Token);
        return over;
    }

    // Begins at once: what gives all it has without waiting is complete when the turn ends.
    private async Task Pull(IObserver<ReadOnlyMemory<byte>> observer, Connection? connection, CancellationToken over)
    {
        try
        {
            await foreach (var piece in pieces.WithCancellation(over))
            {
                if (over.IsCancellationRequested)
                {
                    return;
                }

                observer.OnNext(piece);
                if (over.IsCancellationRequested || (connection is not null && !await HasRoom(connection)))
                {
                    return;
                }
            }
        }
        catch (Exception error)
        {
            // The iterator is the user's.
            if (!over.IsCancellationRequested)
            {
                observer.OnError(error);
            }

            return;
        }

        if (!over.IsCancellationRequested)
        {
            observer.OnCompleted();
        }
    }

    // A connection that is lost is no fault of the body's: whoever sends it is told as well.
    private static async ValueTask<bool> HasRoom(Connection connection)
    {
        try
        {
            await connection.Room();
            return true;
        }
        catch (Exception lost) when (lost is ConnectionException or ObjectDisposedException or InvalidOperationException)
        {
            return false;
        }
    }
}
