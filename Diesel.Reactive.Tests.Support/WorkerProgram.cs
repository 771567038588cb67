using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>The work that <c>ProcessPoolTests</c> has done in processes of their own.</summary>
internal static class WorkerProgram
{
    public static void Run() => ProcessWorker.Serve((ReadOnlyMemory<byte> request) => request.Length > 100 ? request : Encoding.UTF8.GetBytes(Answer(Encoding.UTF8.GetString(request.Span))));

    private static string Answer(string request) => request.Split(' ', 2) switch
    {
        ["upper", var text] => text.ToUpperInvariant(),
        ["print", var text] => Print(text),
        ["pid"] => $"{Environment.ProcessId}",
        ["throw", var message] => throw new FormatException(message),
        ["exit", var code] => Exit(int.Parse(code, System.Globalization.CultureInfo.InvariantCulture)),
        ["wait"] => Wait(),
        _ => request,
    };

    private static string Print(string text)
    {
        Console.WriteLine(text);
        return text[^1..].ToUpperInvariant();
    }

    private static string Exit(int code)
    {
        Console.Error.WriteLine($"ends with {code}");
        Environment.Exit(code);
        return "";
    }

    private static string Wait()
    {
        using var never = new ManualResetEventSlim();
        never.Wait();
        return "";
    }
}
