using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive;

/// <summary>Part of a file that is to be sent: by the system, if the transport can have that, or else read a block at a time, off the
/// hub, each when the one before it is out.</summary>
internal sealed class OutgoingFile
{
    private readonly SafeFileHandle _file;
    private readonly long _offset;
    private OutputBlock? _block;
    private long _readFrom;
    private bool _mustBeRead;
    private bool _isReading;
    private bool _isOver;

    /// <summary>Keeps the file open until it is let go of, though its owner disposes it.</summary>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public OutgoingFile(SafeFileHandle file, long offset, long count)
    {
        (_file, _offset, Count) = (file, offset, count);
        var isHeld = false;
        file.DangerousAddRef(ref isHeld);
    }

    /// <summary>How many bytes of it are sent.</summary>
    public long Count { get; }

    /// <summary>Hands over what is there to be sent.</summary>
    /// <param name="transport">Where it goes.</param>
    /// <param name="from">How many of its bytes are out.</param>
    /// <param name="most">At most so many more.</param>
    /// <param name="taken">How many were taken.</param>
    /// <returns>How many were offered; 0: they must be read first.</returns>
    public long Send(ITransport transport, long from, long most, out long taken)
    {
        taken = 0;
        var offered = Math.Min(most, Count - from);
        if (!_mustBeRead && transport.TrySendFile(_file, _offset + from, offered, out taken))
        {
            return offered;
        }

        _mustBeRead = true;
        if (taken > 0)
        {
            return taken;
        }

        var there = There(from, offered);
        taken = there.IsEmpty ? 0 : transport.Send(there);
        return there.Length;
    }

    /// <summary>Reads the next block.</summary>
    /// <param name="hub">Where it is told.</param>
    /// <param name="from">How many bytes are out.</param>
    /// <param name="done">Told when it is there, or why it is not.</param>
    public void Read(Hub hub, long from, Action<Exception?> done)
    {
        if (_isReading)
        {
            return;
        }

        _isReading = true;
        var block = _block ??= OutputPool.Of(hub).Rent(OutputPool.MostPooled).Held();
        var room = block.Bytes.AsMemory(0, (int)Math.Min(block.Bytes.Length, Count - from));
        hub.Run(() => RandomAccess.Read(_file, room.Span, _offset + from)).Subscribe(
            count => Come(count, from, done),
            error => Told(done, error));
    }

    /// <summary>It is sent, or goes nowhere. A block that is still read into is not used again.</summary>
    public void LetGo(OutputPool pool)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        if (!_isReading)
        {
            _block?.Release(pool);
        }

        _block = null;
        _file.DangerousRelease();
    }

    private ReadOnlySpan<byte> There(long from, long most) =>
        _block is { } block && !_isReading && from - _readFrom is >= 0 and var at && at < block.Used
            ? block.Bytes.AsSpan((int)at, (int)Math.Min(block.Used - at, most)) : default;

    private void Come(int count, long from, Action<Exception?> done)
    {
        if (_block is { } block)
        {
            (_readFrom, block.Used) = (from, count);
        }

        Told(done, count > 0 ? null : new EndOfStreamException($"The file ends after {_offset + from} bytes: it has become shorter while it was sent."));
    }

    private void Told(Action<Exception?> done, Exception? error)
    {
        _isReading = false;
        if (!_isOver)
        {
            done(error);
        }
    }
}
