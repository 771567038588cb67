using System.Globalization;

namespace Diesel.Reactive.Benchmarks;

/// <summary>The options of one command: pairs of <c>--name value</c>.</summary>
internal sealed class CommandLine
{
    readonly Dictionary<string, string> _values = [];

    public CommandLine(ReadOnlySpan<string> arguments, params string[] known)
    {
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var option = arguments[i];
            if (!known.Contains(option))
            {
                throw new UsageException($"unknown option '{option}'; known: {string.Join(", ", known)}");
            }

            _values[option] = i + 1 < arguments.Length
                ? arguments[i + 1]
                : throw new UsageException($"{option} needs a value");
        }
    }

    public string? Text(string option) => _values.GetValueOrDefault(option);

    public int Int(string option, int? otherwise = null, int least = 1) =>
        Text(option) is { } text ? ParseInt(option, text, least) : otherwise ?? throw Missing(option);

    public double Seconds(string option, double? otherwise = null) =>
        Text(option) is not { } text ? otherwise ?? throw Missing(option)
        : double.TryParse(text, CultureInfo.InvariantCulture, out var value) && value is > 0 and <= 3600 ? value
        : throw new UsageException($"{option} is a number of seconds between 0 and 3600, not '{text}'");

    public int[] Ints(string option, params int[] otherwise) =>
        Text(option) is { } text ? [.. Split(text).Select(part => ParseInt(option, part, 1))] : otherwise;

    public string[] Names(string option, params string[] otherwise) =>
        Text(option) is { } text ? Split(text) : otherwise;

    static string[] Split(string list) =>
        list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    static int ParseInt(string option, string text, int least) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least
            ? value
            : throw new UsageException($"{option} is a whole number of at least {least}, not '{text}'");

    static UsageException Missing(string option) => new($"{option} is missing");
}

/// <summary>The command line cannot be understood; the message says what to write instead.</summary>
internal sealed class UsageException(string message) : Exception(message);
