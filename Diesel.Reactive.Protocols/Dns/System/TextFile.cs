namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A small file of the system's configuration, read again when it has changed.</summary>
/// <param name="path">Where it is; null: nowhere.</param>
/// <param name="clock">Says when to look again.</param>
/// <param name="parse">What its text means; of a file that is not there, of an empty one.</param>
/// <remarks>It is looked at when it is asked for, at most once a second: as the system's own resolver does, and no watch is left behind. One
/// that cannot be read counts as empty.</remarks>
internal sealed class TextFile<T>(string? path, TimeProvider clock, Func<string, T> parse)
    where T : class
{
    private const int MaxLength = 4 * 1024 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private long _looked;
    private (DateTime Written, long Length) _seen;
    private T? _value;

    /// <summary>What it says now.</summary>
    public T Value
    {
        get
        {
            if (_value is null || (path is not null && clock.GetElapsedTime(_looked) >= Pause))
            {
                Look();
            }

            return _value!;
        }
    }

    /// <summary>For how long nobody need look again.</summary>
    public TimeSpan Holds => path is null ? TimeSpan.MaxValue : Pause - clock.GetElapsedTime(_looked);

    private void Look()
    {
        _looked = clock.GetTimestamp();
        try
        {
            var file = path is null ? null : new FileInfo(path);
            var seen = file is { Exists: true } ? (file.LastWriteTimeUtc, file.Length) : default;
            if (_value is not null && seen == _seen)
            {
                return;
            }

            var text = seen == default || file!.Length > MaxLength ? "" : File.ReadAllText(path!);
            (_seen, _value) = (seen, parse(text));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Read again next time: it may be written just now.
            _value ??= parse("");
        }
    }
}
