using System.Reactive;

namespace Diesel.Reactive;

/// <summary>The time in which a connection's layer agrees with the peer's: nobody is given the connection before.</summary>
internal sealed class Opening : IObserver<Unit>
{
    private readonly Connection _connection;
    private readonly Action _opened;
    private readonly Action<Exception> _failed;
    private CancellationTokenRegistration _closed;
    private bool _isOver;

    private Opening(Connection connection, Action opened, Action<Exception> failed) =>
        (_connection, _opened, _failed) = (connection, opened, failed);

    /// <summary>Calls one of the two, once, in a turn.</summary>
    /// <param name="connection">Is closed by itself when its layer cannot be opened.</param>
    /// <param name="layer">Its layer.</param>
    /// <param name="opened">Both sides have agreed.</param>
    /// <param name="failed">They cannot, or the connection is over.</param>
    public static void Await(Connection connection, ILayer layer, Action opened, Action<Exception> failed)
    {
        var opening = new Opening(connection, opened, failed);
        opening._closed = connection.Closed.UnsafeRegister(static o => ((Opening)o!).Close(), opening);
        layer.Opened.Subscribe(opening);
    }

    public static TimeoutException Late(Connection connection, TimeSpan limit) => new(
        $"{connection} was made, but what is laid over it was not agreed on within {nameof(TcpConnectOptions.ConnectTimeout)} ({limit}). Does the peer speak the same?");

    /// <summary>Reports a connection that did not open and is nobody's; that a peer went away is no error, but what it said before is one.</summary>
    public static void Report(Connection connection, Exception error)
    {
        var told = WhyOf(error);
        if (told is not (ConnectionException or ObjectDisposedException))
        {
            connection.Hub.Report(told, connection.ToString(), told is TimeoutException ? HubErrorKind.Peer : null);
        }
    }

    /// <summary>What a peer said before it went away; it says more than that.</summary>
    public static Exception WhyOf(Exception error) => error is ConnectionException { InnerException: TlsException said } ? said : error;

    public void OnNext(Unit value) => End(null);

    public void OnError(Exception error) => End(error);

    public void OnCompleted() => End(null);

    public override string ToString() => $"the opening of {_connection}";

    private void Close() => End(_connection.Life.WhyOver!);

    private void End(Exception? error)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        _closed.Unregister();
        if (error is null)
        {
            _opened();
        }
        else
        {
            _failed(error);
        }
    }
}
