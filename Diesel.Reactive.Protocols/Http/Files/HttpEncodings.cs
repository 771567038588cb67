using System.Globalization;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Accept-Encoding (RFC 9110 §12.5.3).</summary>
internal static class HttpEncodings
{
    /// <summary>Whether a coding may be sent.</summary>
    public static bool Accepts(string? field, string coding)
    {
        var any = false;
        foreach (var member in (field ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = member.Split(';', StringSplitOptions.TrimEntries);
            var isWanted = !parts.Skip(1).Any(IsZero);
            if (parts[0].Equals(coding, StringComparison.OrdinalIgnoreCase))
            {
                return isWanted;
            }

            any |= parts[0] == "*" && isWanted;
        }

        return any;
    }

    private static bool IsZero(string parameter) => parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
        && double.TryParse(parameter.AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) && weight == 0;
}
