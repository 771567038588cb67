using System.Net;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>One attempt: dialled, made ready, within one time limit; else nothing is left open.</summary>
internal sealed class ReconnectAttempt<T>(
    Hub hub, EndPoint to, TcpConnectOptions connect, Func<Connection, Task<T>> prepare, Action preparing, IObserver<T> observer)
    : HubAttempt<T>(hub, observer, $"a connection to {EndPoints.Text(to)} that is ready")
    where T : class
{
    private SingleAssignmentDisposableValue _dialling;
    private SingleAssignmentDisposableValue _preparing;
    private Connection? _connection;
    private IDisposable? _limit;

    public EndPoint To => to;

    protected override void Start()
    {
        _dialling.Disposable = Tcp.Connect(to, connect, Hub).Subscribe(Prepare, Fail);
        if (IsWanted)
        {
            _limit = Hub.StartTimer(connect.ConnectTimeout, static a => ((ReconnectAttempt<T>)a!).TimeOut(), this);
        }
    }

    protected override void GiveUp()
    {
        _limit?.Dispose();
        _dialling.Dispose();
        _preparing.Dispose();
        _connection?.Abort();
        _connection = null;
    }

    protected override void Give(T value, IObserver<T> to) => to.OnNext(value);

    private void Prepare(Connection connection)
    {
        if (!IsWanted)
        {
            connection.Abort();
            return;
        }

        _connection = connection;
        preparing();
        if (IsWanted)
        {
            _preparing.Disposable = Conversation.Of(Hub, () => prepare(connection)).Subscribe(Finish, Break);
        }
    }

    private void Finish(T value)
    {
        if (value is null)
        {
            Fail(new InvalidOperationException($"What makes connections to {EndPoints.Text(to)} ready gave null."));
        }
        else if (IsWanted)
        {
            _connection = null;
            Succeed(value);
        }
    }

    private void Break(Exception error) => Fail(error is EndOfStreamException
        ? new ConnectionException($"{EndPoints.Text(to)} has ended the connection before it was ready.", to, error)
        : error);

    private void TimeOut() => Fail(new TimeoutException(
        $"The connection to {EndPoints.Text(to)} was not ready within {connect.ConnectTimeout}. Raise {nameof(TcpConnectOptions.ConnectTimeout)} if it is only slow."));
}
