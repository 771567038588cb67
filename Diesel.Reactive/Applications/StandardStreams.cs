#pragma warning disable RS0030 // The one file that touches the console: an application's errors and its standard input.
namespace Diesel.Reactive;

/// <summary>The process's standard streams.</summary>
internal static class StandardStreams
{
    public static TextWriter Error => Console.Error;

    public static TextReader Input => Console.In;
}
