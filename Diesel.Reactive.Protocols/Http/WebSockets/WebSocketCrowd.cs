namespace Diesel.Reactive.Protocols.Http;

/// <summary>Holds a WebSocket's input while its peer does not take what it was answered.</summary>
internal sealed class WebSocketCrowd(WebSocketLife life, Connection connection)
{
    // Behind so much output it is worth to ask whether there is room.
    private const int Much = 16 * 1024;

    private IDisposable? _hold;

    public void HoldIfCrowded()
    {
        if (_hold is null && connection.PendingBytes > Much)
        {
            _hold = life.Pause();
            connection.Room().Subscribe(_ => LetGo(), _ => LetGo());
        }
    }

    private void LetGo()
    {
        var hold = _hold;
        _hold = null;
        hold?.Dispose();
    }
}
