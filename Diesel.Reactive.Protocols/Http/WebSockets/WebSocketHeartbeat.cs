namespace Diesel.Reactive.Protocols.Http;

/// <summary>Asks a peer that says nothing whether it is there, and ends what does not answer.</summary>
internal sealed class WebSocketHeartbeat
{
    private readonly WebSocketLife _life;
    private readonly Connection _connection;
    private readonly WebSocketOptions _options;
    private readonly Deadline _deadline;
    private bool _isAsked;

    public WebSocketHeartbeat(WebSocketLife life, Connection connection, WebSocketOptions options)
    {
        (_life, _connection, _options) = (life, connection, options);
        _deadline = new Deadline(life.Hub, static heartbeat => ((WebSocketHeartbeat)heartbeat!).Due(), this);
    }

    public void Begin() => _deadline.Reset(_options.PingInterval);

    public void End() => _deadline.Cancel();

    public override string ToString() => $"heartbeat of {_life}";

    // Who is not read here, or has not yet taken what it was sent, cannot have answered.
    private void Due()
    {
        var input = _life.Input;
        if (input.HasHeard || input.IsHeld || _connection.PendingBytes > 0)
        {
            input.HasHeard = _isAsked = false;
            _deadline.Reset(_options.PingInterval);
        }
        else if (!_isAsked)
        {
            _isAsked = true;
            _life.Ping();
            _deadline.Reset(_options.PingTimeout);
        }
        else
        {
            _life.Fail(new TimeoutException($"{_life} was reset: its peer has not answered a Ping for {_options.PingTimeout}."));
        }
    }
}
