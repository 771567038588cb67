namespace Diesel.Reactive.Protocols.Http;

/// <summary>The Date field, made once a second.</summary>
internal sealed class HttpDateLine
{
    private readonly byte[] _line = [.. "Date: "u8, .. new byte[HttpDate.Length], .. "\r\n"u8];
    private long _second = -1;

    public ReadOnlySpan<byte> At(DateTimeOffset time)
    {
        var second = time.UtcTicks / TimeSpan.TicksPerSecond;
        if (second != _second)
        {
            HttpDate.Format(time, _line.AsSpan(6));
            _second = second;
        }

        return _line;
    }
}
