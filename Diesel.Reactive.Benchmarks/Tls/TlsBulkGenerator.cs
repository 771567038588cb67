using System.Globalization;
using System.Text;
using Diesel.Reactive.Benchmarks.Bulk;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Tls;

/// <summary>The mebibytes of the bulk comparison over TLS, one connection.</summary>
internal sealed class TlsBulkGenerator : Generator
{
    public const string Usage = "load-tls-bulk --port P --direction download|upload --seconds S [--warmup 4] [--server PID]";

    const int MostSent = 64 * 1024;

    readonly byte[] _buffer = new byte[BulkStream.Length];
    readonly TlsSocket _socket;
    readonly bool _isDownload;
    long _moved;

    TlsBulkGenerator(CommandLine options)
    {
        _isDownload = options.Text("--direction") == BulkStream.Download;
        _socket = new TlsSocket(options.Int("--port"), resumes: false);
        _socket.Send(Encoding.ASCII.GetBytes($"{options.Text("--direction")}\r\n"));
        Epoll.Add(_socket.Descriptor, 0, _isDownload ? Epoll.Interest.In : Epoll.Interest.Out);
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
    }

    protected override void Continue(int key)
    {
        var at = (int)(_moved % BulkStream.Length);
        if (!_isDownload)
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
    }

    protected override void Finish()
    {
        if (_isDownload)
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
}
