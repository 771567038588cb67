using System.Globalization;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>Tells systemd how an application fares: that it is ready, that it stops, and, as often as it was asked for, that its hub still
/// takes turns. Nothing where nobody asks.</summary>
/// <remarks>Source: sd_notify(3), sd_watchdog_enabled(3).</remarks>
internal sealed class SystemdNotifier : IDisposable
{
    private const int LongestPath = 107;

    private readonly Hub _hub;
    private readonly Socket? _socket;
    private readonly TimeSpan? _period;
    private IDisposable? _timer;
    private bool _failed;
    private volatile bool _disposed;

    /// <param name="hub">Whose turns the watchdog watches.</param>
    /// <param name="environment">Gives the variable of a name.</param>
    public SystemdNotifier(Hub hub, Func<string, string?> environment)
    {
        _hub = hub;
        if (AddressOf(environment("NOTIFY_SOCKET")) is { } address)
        {
            _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
            _period = PeriodOf(environment("WATCHDOG_USEC"), environment("WATCHDOG_PID"), Environment.ProcessId);
            Try(() => _socket.Connect(address));
        }
    }

    /// <summary>What was to be started has been.</summary>
    public void Ready()
    {
        Tell("READY=1"u8);
        if (_socket is not null && _period is not null)
        {
            Arm();
        }
    }

    /// <summary>It drains, and ends.</summary>
    public void Stopping() => Tell("STOPPING=1"u8);

    public void Dispose()
    {
        _disposed = true;
        _timer?.Dispose();
        _socket?.Dispose();
    }

    public override string ToString() => "systemd's notifications";

    /// <summary>How often to show that it lives: twice in the time that it is given.</summary>
    internal static TimeSpan? PeriodOf(string? microseconds, string? process, int self) =>
        long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var given)
        && given is > 1 and <= uint.MaxValue * 1000L
        && (process is null or "" || process == self.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(given / 2)
            : null;

    private static UnixDomainSocketEndPoint? AddressOf(string? socket) => socket is null or { Length: < 2 or > LongestPath } ? null : socket[0] switch
    {
        '/' => new UnixDomainSocketEndPoint(socket),
        '@' => new UnixDomainSocketEndPoint($"\0{socket[1..]}"),
        _ => null,
    };

    private void Arm() => _timer = _hub.StartTimer(_period!.Value, static n => ((SystemdNotifier)n!).Beat(), this);

    private void Beat()
    {
        if (!_disposed)
        {
            Tell("WATCHDOG=1"u8);
            Arm();
        }
    }

    private void Tell(ReadOnlySpan<byte> what)
    {
        if (_socket is not null && !_failed)
        {
            var bytes = what.ToArray();
            Try(() => _socket.Send(bytes));
        }
    }

    // A manager that cannot be told is no reason not to serve; it will act on what it does not hear.
    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (SocketException error) when (!SocketErrors.WouldBlock(error.SocketErrorCode))
        {
            _failed = true;
            _hub.Report(SocketErrors.NotNotified(error), ToString());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Its queue is full, or the application has ended: the next one may do.
        }
    }
}
