namespace Diesel.Reactive;

/// <summary>Waits until there is more than was examined, or the end, and takes none of it.</summary>
internal sealed class InputPeek(InputPipe pipe, Inbound input, long examined) : IReader, IDisposable
{
    private volatile bool _left;

    public Readable Source => input;

    public bool IsStream => false;

    public bool HasLeft => _left;

    public Exception? Failure => null;

    public bool IsOwed => false;

    public long Missing => 0;

    public long Taken => 0;

    public void Waits()
    {
    }

    public void Attach() => input.Attach(this);

    public bool TryDeliver()
    {
        pipe.ConsumeHere();
        if (_left || (input.Buffered <= examined && !input.HasEnded))
        {
            return false;
        }

        input.Detach(this);
        pipe.Found(this, input.Unread, input.HasEnded);
        return true;
    }

    public void Complete() => pipe.Ended(this, null);

    public void Fail(Exception error) => pipe.Ended(this, error);

    public void HubEnded(ObjectDisposedException error) => Fail(error);

    public void Dispose()
    {
        _left = true;
        input.Leave(this);
    }
}
