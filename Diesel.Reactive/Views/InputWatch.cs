namespace Diesel.Reactive;

/// <summary>Tells a pipe of what arrives, and of the end, and takes none of it. While nobody waits for that, it reads ahead, and makes way for any other reader.</summary>
internal sealed class InputWatch(InputPipe pipe, Inbound input) : IReader
{
    public Readable Source => input;

    public bool IsStream => false;

    public bool IsAhead => !pipe.IsWaiting;

    public bool HasLeft => pipe.IsCompleted;

    public Exception? Failure => null;

    public bool IsOwed => false;

    public bool TrustsEnd => true;

    public long Missing => 0;

    public long Taken => 0;

    public bool HasHadItsShare => false;

    public void Waits()
    {
    }

    public bool TryDeliver() => pipe.Arrived(this, input);

    public bool TryMakeWay() => pipe.TryMakeWay(input);

    public void Complete() => pipe.Ended();

    public void Fail(Exception error) => pipe.Failed(error);

    public void HubEnded(ObjectDisposedException error) => Fail(error);
}
