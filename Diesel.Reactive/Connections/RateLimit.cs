namespace Diesel.Reactive;

/// <summary>An upper bound of how fast a connection's bytes go, as <see cref="ConnectionRateExtensions.Limit"/> sets it. Disposed, it
/// is lifted.</summary>
/// <remarks>Its members may be called from any thread.</remarks>
public sealed class RateLimit : IDisposable
{
    private readonly Connection _connection;
    private TokenBucket? _input;
    private TokenBucket? _output;
    private long _bytesPerSecond;

    internal RateLimit(Connection connection, long bytesPerSecond, Direction direction)
    {
        (_connection, _bytesPerSecond) = (connection, bytesPerSecond);
        var now = connection.Hub.Elapsed;
        _input = direction.HasFlag(Direction.Input) ? new TokenBucket(bytesPerSecond, now) : null;
        _output = direction.HasFlag(Direction.Output) ? new TokenBucket(bytesPerSecond, now) : null;
        connection.Hub.Invoke(static limit => ((RateLimit)limit!).Begin(), this);
    }

    /// <summary>Bytes per second, in each direction. Set, it counts from then on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to less than 1.</exception>
    public long BytesPerSecond
    {
        get => Volatile.Read(ref _bytesPerSecond);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Volatile.Write(ref _bytesPerSecond, value);
            _connection.Hub.Invoke(static limit => ((RateLimit)limit!).Change(), this);
        }
    }

    /// <summary>Lifts the limit; twice, nothing happens.</summary>
    public void Dispose() => _connection.Hub.Invoke(static limit => ((RateLimit)limit!).End(), this);

    private void Begin()
    {
        var (hub, input, output) = (_connection.Hub, _connection.Life.Input, _connection.Life.Output);
        if (_input is not null)
        {
            (input.Throttle ??= new Throttle(hub, input.Rested)).Add(_input);
        }

        if (_output is not null)
        {
            (output.Pace.Throttle ??= new Throttle(hub, output.FlushLater)).Add(_output);
        }
    }

    private void Change()
    {
        var now = _connection.Hub.Elapsed;
        _input?.Change(BytesPerSecond, now);
        _output?.Change(BytesPerSecond, now);
        _connection.Life.Input.Throttle?.Changed();
        _connection.Life.Output.Pace.Throttle?.Changed();
    }

    private void End()
    {
        if (_input is not null)
        {
            _connection.Life.Input.Throttle!.Remove(_input);
        }

        if (_output is not null)
        {
            _connection.Life.Output.Pace.Throttle!.Remove(_output);
        }

        (_input, _output) = (null, null);
    }
}
