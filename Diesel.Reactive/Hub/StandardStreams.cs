#pragma warning disable RS0030 // The one file that touches the console: what nobody else is told, and an application's streams.
namespace Diesel.Reactive;

/// <summary>The process's standard streams.</summary>
internal static class StandardStreams
{
    public static TextWriter Error => Console.Error;

    public static TextReader Input => Console.In;

    public static Stream OpenInput() => Console.OpenStandardInput();

    public static Stream OpenOutput() => Console.OpenStandardOutput();

    /// <summary>What is printed from now on goes to standard error: standard output has another use.</summary>
    public static void PrintToErrors() => Console.SetOut(Console.Error);

    /// <summary>A line on standard error, from a thread that may be kept waiting. Any thread; never throws.</summary>
    public static void Say(string line) => ThreadPool.UnsafeQueueUserWorkItem(
        static line =>
        {
            try
            {
                Error.WriteLine(line);
            }
            catch (Exception)
            {
                // There is no place left to say it.
            }
        },
        line,
        preferLocal: false);
}
