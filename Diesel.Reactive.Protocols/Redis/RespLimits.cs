namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What a peer may send in one value. Checked before anything is allocated for it.</summary>
public sealed record RespLimits
{
    private const int Mebi = 1024 * 1024;

    private readonly int _maxLine = 64 * 1024;
    private readonly int _maxBulk = 512 * Mebi;
    private readonly int _maxItems = Mebi;
    private readonly int _maxNesting = 32;

    /// <summary>Bytes of a line, its end excluded: of simple strings, errors and numbers. Default 64 KiB.</summary>
    public int MaxLine { get => _maxLine; init => _maxLine = Setting.Within(value, Array.MaxLength / 2); }

    /// <summary>Bytes of a bulk string; default 512 MiB, the server's own limit.</summary>
    public int MaxBulk { get => _maxBulk; init => _maxBulk = Setting.Within(value, Array.MaxLength / 2); }

    /// <summary>Values in one reply, those within others included; a key and its value are two. Default 1 048 576.</summary>
    public int MaxItems { get => _maxItems; init => _maxItems = Setting.Positive(value); }

    /// <summary>Aggregates within each other; default 32.</summary>
    public int MaxNesting { get => _maxNesting; init => _maxNesting = Setting.Positive(value); }

    internal static RespLimits Default { get; } = new();
}
