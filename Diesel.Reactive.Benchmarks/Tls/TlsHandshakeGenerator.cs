using System.Diagnostics;
using Diesel.Reactive.Benchmarks.Echo;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Tls;

/// <summary>Connects, agrees on TLS, sends one line, gets it back, ends in good order, and begins anew; several clients at a time, each a thread.</summary>
internal sealed unsafe class TlsHandshakeGenerator : Generator
{
    public const string Usage = "load-tls-handshake --port P --clients N --resumed 0|1 --seconds S [--warmup 4] [--server PID]";

    readonly LineTape _tape = new();
    readonly Lock _gate = new();
    readonly int _port;
    readonly int _clients;
    readonly bool _resumes;
    volatile bool _ends;
    Exception? _error;
    Thread[] _threads = [];

    TlsHandshakeGenerator(CommandLine options) =>
        (_port, _clients, _resumes) = (options.Int("--port"), options.Int("--clients"), options.Int("--resumed", least: 0) == 1);

    protected override long Done
    {
        get
        {
            lock (_gate)
            {
                return Latencies.Total;
            }
        }
    }

    protected override TimeSpan? Heartbeat => TimeSpan.FromMilliseconds(10);

    public static int Run(string[] arguments) => Run(arguments, ["--clients", "--resumed"], options => new TlsHandshakeGenerator(options));

    public override void Dispose()
    {
        _ends = true;
        Array.ForEach(_threads, thread => thread.Join());
        _tape.Dispose();
        base.Dispose();
    }

    protected override void Start()
    {
        _threads = [.. Enumerable.Range(0, _clients).Select(_ => new Thread(Visit))];
        Array.ForEach(_threads, thread => thread.Start());
    }

    protected override void Continue(int key)
    {
    }

    protected override void Beat()
    {
        if (Volatile.Read(ref _error) is { } error)
        {
            throw new NoResultException(error.Message);
        }
    }

    void Visit()
    {
        var buffer = new byte[LineTape.LineLength];
        try
        {
            while (!_ends)
            {
                var began = Stopwatch.GetTimestamp();
                VisitOnce(buffer);
                lock (_gate)
                {
                    Latencies.Add(Stopwatch.GetTimestamp() - began);
                }
            }
        }
        catch (Exception error)
        {
            Volatile.Write(ref _error, error);
        }
    }

    void VisitOnce(byte[] buffer)
    {
        using var socket = new TlsSocket(_port, _resumes);
        var line = new ReadOnlySpan<byte>(_tape.At(0), LineTape.LineLength);
        socket.Send(line);
        for (var got = 0; got < buffer.Length;)
        {
            got += socket.Receive(buffer.AsSpan(got)) is > 0 and var count ? count : throw new NoResultException("the server closed a connection");
        }

        if (!line.SequenceEqual(buffer))
        {
            throw new NoResultException("the server did not give the line back");
        }

        socket.EndOutput();
    }
}
