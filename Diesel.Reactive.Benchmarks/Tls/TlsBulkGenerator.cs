using System.Globalization;
using System.Text;
using Diesel.Reactive.Benchmarks.Bulk;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Tls;

/// <summary>The mebibytes of the bulk comparison over TLS, one connection.</summary>
internal sealed class TlsBulkGenerator : Generator
{
    public const string Usage = "load-tls-bulk --port P --direction download|upload|echo --seconds S [--warmup 4] [--server PID]";

    const int MostSent = 64 * 1024;

    readonly byte[] _buffer = new byte[BulkStream.Length];
    readonly TlsSocket _socket;
    readonly bool _isUpload;
    readonly Thread? _echoed;
    readonly SemaphoreSlim _turns = new(0);
    long _moved;

    TlsBulkGenerator(CommandLine options)
    {
        _isUpload = options.Text("--direction") == BulkStream.Upload;
        _socket = new TlsSocket(options.Int("--port"), resumes: false);
        _socket.Send(Encoding.ASCII.GetBytes($"{options.Text("--direction")}\r\n"));
        Epoll.Add(_socket.Descriptor, 0, _isUpload ? Epoll.Interest.Out : Epoll.Interest.In);
        if (options.Text("--direction") == BulkStream.Echo)
        {
            _echoed = new Thread(SendEach) { IsBackground = true };
        }
    }

    protected override long Done => _moved;

    public static int Run(string[] arguments) => Run(arguments, ["--direction"], options => new TlsBulkGenerator(options));

    public override void Dispose()
    {
        _socket.Dispose();
        base.Dispose();
    }

    protected override void Start()
    {
        _echoed?.Start();
        _turns.Release();
    }

    protected override void Continue(int key)
    {
        var at = (int)(_moved % BulkStream.Length);
        if (_isUpload)
        {
            var count = Math.Min(MostSent, BulkStream.Length - at);
            _socket.Send(BulkStream.Content.AsSpan(at, count));
            _moved += count;
            return;
        }

        var some = _socket.Receive(_buffer.AsSpan(at));
        if (some == 0 || !_buffer.AsSpan(at, some).SequenceEqual(BulkStream.Content.AsSpan(at, some)))
        {
            throw new NoResultException($"wrong bytes, or the end, after {_moved}");
        }

        _moved += some;
        if (at + some == BulkStream.Length)
        {
            _turns.Release();
        }
    }

    protected override void Finish()
    {
        if (!_isUpload)
        {
            return;
        }

        _socket.EndOutput();
        var length = _socket.Receive(_buffer);
        var count = long.Parse(Encoding.ASCII.GetString(_buffer, 0, length), CultureInfo.InvariantCulture);
        if (count != _moved)
        {
            throw new NoResultException($"the server got {count} bytes of {_moved}");
        }
    }

    // A mebibyte when the last is back, while this one's beginning comes back already: neither side's buffers hold it all.
    void SendEach()
    {
        try
        {
            while (true)
            {
                _turns.Wait();
                _socket.Send(BulkStream.Content);
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It is over, or the receiving thread says what is wrong.
        }
    }
}
