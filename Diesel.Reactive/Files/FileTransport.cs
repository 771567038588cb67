using System.Net;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive;

/// <summary>The pipe between a file and its connection. The disk's work is done off the hub, one piece at a time in each direction.</summary>
internal sealed class FileTransport : ITransport
{
    private const int Block = 64 * 1024;
    private const int Least = 4 * 1024;

    private readonly SafeFileHandle _file;
    private readonly Hub _hub;
    private readonly bool _canRead;
    private readonly bool _canWrite;
    private readonly FileEndPoint _endPoint;
    private ITransportHandler _handler = null!;
    private long _readAt;
    private long _writeAt;
    private int _writing;
    private int _working;
    private bool _discards;
    private bool _closed;

    private FileTransport(SafeFileHandle file, string path, FileAccess access, long writeAt, Hub hub)
    {
        (_file, _hub, _endPoint, _writeAt) = (file, hub, new FileEndPoint(path), writeAt);
        (_canRead, _canWrite) = (access.HasFlag(FileAccess.Read), access.HasFlag(FileAccess.Write));
    }

    public EndPoint LocalEndPoint { get; } = new FileEndPoint("this process");

    public EndPoint RemoteEndPoint => _endPoint;

    public long UntakenBytes => 0;

    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static FileTransport Open(string path, FileAccess access, FileMode mode, Hub hub)
    {
        // Append is about where to begin: the handle itself is written at any place.
        var isAppend = mode == FileMode.Append;
        var file = access == FileAccess.Read && mode == FileMode.Open
            ? RegularFile.Open(path)
            : File.OpenHandle(path, isAppend ? FileMode.OpenOrCreate : mode, access, FileShare.Read, FileOptions.None);
        try
        {
            var length = RegularFile.LengthOf(file);
            return new FileTransport(file, path, access, isAppend ? length : 0, hub);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override string ToString() => $"file {_endPoint}";

    public void Start(ITransportHandler handler) => _handler = handler;

    public void Receive()
    {
        if (!_closed)
        {
            _working++;
            _hub.Run(Read).Subscribe(Come, error => Failed("read", error));
        }
    }

    // Whoever wants no more of a file has come to its end.
    public void Discard()
    {
        _discards = true;
        Receive();
    }

    // None is taken before it is written, so that who awaits its sending knows.
    public int Send(ReadOnlySpan<byte> bytes)
    {
        if (_closed || _writing > 0 || bytes.IsEmpty)
        {
            return 0;
        }

        var piece = bytes[..Math.Min(bytes.Length, Block)].ToArray();
        _writing = piece.Length;
        _working++;
        _hub.Run(() => Write(piece)).Subscribe(_ => Gone(piece.Length), error => Failed("written", error));
        return 0;
    }

    public void ShutdownSend()
    {
    }

    public void Close()
    {
        _closed = true;
        LetGo();
    }

    public void Abort() => Close();

    private ReadOnlyMemory<byte> Read()
    {
        if (!_canRead || _discards)
        {
            return default;
        }

        // What says that it has no length (a file of /proc) may have content all the same.
        var left = RandomAccess.GetLength(_file) - _readAt;
        var block = GC.AllocateUninitializedArray<byte>(left > 0 ? (int)Math.Min(left, Block) : Least);
        return block.AsMemory(0, RandomAccess.Read(_file, block, _readAt));
    }

    private void Write(byte[] piece)
    {
        if (!_canWrite)
        {
            throw new UnauthorizedAccessException("It was opened to be read. Open it with FileAccess.Write, or ReadWrite.");
        }

        RandomAccess.Write(_file, piece, _writeAt);
    }

    private void Come(ReadOnlyMemory<byte> chunk)
    {
        _working--;
        _readAt += chunk.Length;
        if (_closed)
        {
            LetGo();
            return;
        }

        _handler.OnReceived(chunk);
    }

    private void Gone(int count)
    {
        _working--;
        _writeAt += count;
        _writing = 0;
        if (_closed)
        {
            LetGo();
        }
        else
        {
            _handler.OnWritable(count);
        }
    }

    private void Failed(string what, Exception error)
    {
        _working--;
        _writing = 0;
        var failure = new ConnectionException($"{this} cannot be {what}: {Label.MessageOf(error)}", _endPoint, error);
        if (_closed)
        {
            // Who has closed it is not there to be told that the last of it is not on the disk.
            LetGo();
            _hub.Report(failure, ToString());
            return;
        }

        Close();
        _handler.OnFailed(failure);
    }

    // What is under way off the hub has the handle still.
    private void LetGo()
    {
        if (_working == 0)
        {
            _file.Dispose();
        }
    }

    private sealed class FileEndPoint(string path) : EndPoint
    {
        public override string ToString() => path;
    }
}
