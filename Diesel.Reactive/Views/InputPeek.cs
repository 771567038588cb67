namespace Diesel.Reactive;

/// <summary>Waits until there is more than was examined, or the end, and takes none of it.</summary>
/// <param name="pipe">Who waits.</param>
/// <param name="input">What for.</param>
/// <param name="examined">A position in the stream: behind the last byte that was looked at.</param>
internal sealed class InputPeek(InputPipe pipe, Inbound input, long examined) : IReader, IDisposable
{
    private volatile bool _left;

    public Readable Source => input;

    public bool IsStream => false;

    public bool HasLeft => _left;

    public Exception? Failure => null;

    public bool IsOwed => false;

    public bool TrustsEnd => true;

    public long Missing => 0;

    public long Taken => 0;

    public void Waits()
    {
    }

    public void Attach() => input.Attach(this);

    public bool HasHadItsShare => false;

    public bool TryDeliver()
    {
        pipe.ConsumeHere();
        var isAtEnd = input.IsAtEnd(isOwed: false) && !input.IsCut;
        if (_left || (input.UnreadBehind(examined) <= 0 && !isAtEnd))
        {
            return false;
        }

        input.Detach(this);
        pipe.Found(this, isAtEnd);
        return true;
    }

    public void Complete() => pipe.Found(this, isEnded: true);

    public void Fail(Exception error) => pipe.Failed(this, error);

    public void HubEnded(ObjectDisposedException error) => Fail(error);

    public void Dispose()
    {
        _left = true;
        input.Leave(this);
    }
}
