namespace Diesel.Reactive.Testing;

/// <summary>Listens in on live connections: keeps what they receive and send as diagrams, and prints it.</summary>
/// <remarks>
/// <para>It is a layer of connections on any network and any hub, of services and clients alike:
/// <c>new TcpService(7, handler, new() { Layer = wiretap.Tap })</c>. It copies what passes, changes nothing, and takes its times from
/// the hub's clock. What it recorded is replayed in virtual time by <c>t.Duplex(...)</c>.</para>
/// <para>Its members may be called from any thread.</para>
/// </remarks>
public sealed class Wiretap
{
    private const int CostOfTape = 512;
    private const int CostOfChunk = 64;
    private const int MostPrinted = 1024;

    private readonly Lock _gate = new();
    private readonly List<Tape> _tapes = [];
    private TextWriter? _writer;
    private long _left;

    /// <summary>Makes a wiretap.</summary>
    /// <param name="writer">Gets a line for each chunk and each end, as it happens: <c>12.4ms 10.0.0.1:7→10.0.0.2:40000 'PING\r\n'</c>;
    /// long chunks are cut short. Null: nothing is printed. Once it fails, nothing more is.</param>
    /// <param name="limit">How many bytes to keep; a chunk counts 64 more, a connection 512. 0: only to print.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is negative.</exception>
    public Wiretap(TextWriter? writer = null, long limit = 128 * 1024)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        (_writer, _left) = (writer, limit);
    }

    /// <summary>A tape for each connection, in the order they were made.</summary>
    public IReadOnlyList<Tape> Tapes
    {
        get
        {
            lock (_gate)
            {
                return [.. _tapes];
            }
        }
    }

    /// <summary>How many connections there was no room for.</summary>
    public int DroppedConnections { get; private set; }

    /// <summary>Listens in on a transport; as <see cref="ConnectionOptions.Layer"/>, on each one.</summary>
    /// <param name="transport">Not started.</param>
    /// <param name="hub">Whose clock tells the times.</param>
    /// <returns>The same transport, overheard.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public ITransport Tap(ITransport transport, Hub hub)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(hub);
        var tape = new Tape(this, transport.LocalEndPoint, transport.RemoteEndPoint, hub);
        lock (_gate)
        {
            if (Claim(CostOfTape))
            {
                _tapes.Add(tape);
            }
            else
            {
                DroppedConnections++;
            }
        }

        return new TappedTransport(transport, tape);
    }

    /// <summary>Writes all tapes to a <c>.marble</c> file, a case for each.</summary>
    /// <param name="path">A file there is replaced.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="InvalidOperationException">There is no tape.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path) => TapeFile.Save(path, Tapes);

    /// <summary>Keeps a chunk if there is room.</summary>
    internal bool Claim(ReadOnlyMemory<byte> chunk) => Claim(chunk.Length + CostOfChunk);

    /// <summary>How much of a chunk is of use: to be kept, or printed.</summary>
    internal int Room(int length)
    {
        lock (_gate)
        {
            return (int)Math.Min(_writer is null ? _left : Math.Max(_left, MostPrinted), length);
        }
    }

    internal void Print(Func<string> line)
    {
        if (_writer is null)
        {
            return;
        }

        lock (_gate)
        {
            try
            {
                _writer?.WriteLine(line());
            }
            catch (Exception)
            {
                // A full disk or a closed console is no reason for a connection to fail.
                _writer = null;
            }
        }
    }

    private bool Claim(long cost)
    {
        lock (_gate)
        {
            // Full is full: no connection has what comes after something that another one lacks.
            var fits = cost <= _left;
            _left = fits ? _left - cost : 0;
            return fits;
        }
    }
}
