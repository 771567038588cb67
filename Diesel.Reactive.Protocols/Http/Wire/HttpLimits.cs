namespace Diesel.Reactive.Protocols.Http;

/// <summary>What a peer may send in one message. Checked before memory is taken for it.</summary>
public sealed record HttpLimits
{
    private const int MostOfHead = 65_535;

    private readonly int _maxLine = 8 * 1024;
    private readonly int _maxHeaders = 32 * 1024;
    private readonly int _maxFields = 100;
    private readonly long _maxBody = 30_000_000;
    private readonly int _maxExtensions = 16 * 1024;
    private readonly int _maxTrailers = 16 * 1024;

    /// <summary>Bytes of the request line or status line, 1 to 65 535; default 8 KiB. A longer one is answered with 414.</summary>
    public int MaxLine { get => _maxLine; init => _maxLine = Setting.Within(value, MostOfHead); }

    /// <summary>Bytes of all header fields; default 32 KiB. More are answered with 431.</summary>
    public int MaxHeaders { get => _maxHeaders; init => _maxHeaders = Setting.Positive(value); }

    /// <summary>How many header fields there may be, and how many trailers; default 100. More are answered with 431.</summary>
    public int MaxFields { get => _maxFields; init => _maxFields = Setting.Positive(value); }

    /// <summary>Bytes of a body, chunks without their frame; default 30 000 000. A longer one is answered with 413, as soon as its length is
    /// known.</summary>
    public long MaxBody { get => _maxBody; init => _maxBody = Setting.Positive(value); }

    /// <summary>Bytes of all chunk extensions of a message; default 16 KiB. More are answered with 413.</summary>
    public int MaxExtensions { get => _maxExtensions; init => _maxExtensions = Setting.Positive(value); }

    /// <summary>Bytes of all trailers; default 16 KiB. More are answered with 431.</summary>
    public int MaxTrailers { get => _maxTrailers; init => _maxTrailers = Setting.Positive(value); }

    /// <summary>What is let pass; default nothing.</summary>
    public HttpLeniencies Leniencies { get; init; }

    internal static HttpLimits Default { get; } = new();

    internal bool Allows(HttpLeniencies leniency) => (Leniencies & leniency) != 0;
}
