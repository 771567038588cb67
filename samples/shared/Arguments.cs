using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Diesel.Reactive;

/// <summary>What the samples take on the command line; a wrong argument ends the program with one line and exit code 2.</summary>
internal static class Arguments
{
    private static string Program => AppDomain.CurrentDomain.FriendlyName;

    /// <summary>Of a server: <c>[PORT]</c>.</summary>
    public static int Port(this string[] args, int otherwise)
    {
        AtMost(1, args, "[PORT]");
        return args.Length > 0 ? Port(args[0], lowest: 0) : otherwise;
    }

    /// <summary>Of a server that keeps things: <c>[PORT [MEGABYTES]]</c>.</summary>
    public static (int Port, int Megabytes) PortAndMegabytes(this string[] args, int port, int megabytes)
    {
        AtMost(2, args, "[PORT [MEGABYTES]]");
        return args.Length < 2 || (int.TryParse(args[1], out megabytes) && megabytes > 0)
            ? (args.Length > 0 ? Port(args[0], lowest: 0) : port, megabytes)
            : throw Wrong($"'{args[1]}' is no number of megabytes. Give one from 1 on.");
    }

    /// <summary>Of a server of files: <c>[PORT [FOLDER]]</c>.</summary>
    public static (int Port, string Folder) PortAndFolder(this string[] args, int port, string folder)
    {
        AtMost(2, args, "[PORT [FOLDER]]");
        folder = Path.GetFullPath(args.Length > 1 ? args[1] : folder);
        return Directory.Exists(folder)
            ? (args.Length > 0 ? Port(args[0], lowest: 0) : port, folder)
            : throw Wrong($"there is no folder {folder}. Name one that exists as the second argument.");
    }

    /// <summary>Of a client: <c>[HOST [PORT]]</c>.</summary>
    public static (string Host, int Port) HostAndPort(this string[] args, string host, int port)
    {
        AtMost(2, args, "[HOST [PORT]]");
        return (args.Length > 0 ? args[0] : host, args.Length > 1 ? Port(args[1], lowest: 1) : port);
    }

    /// <summary>Of a proxy: <c>[PORT [HOST [PORT]]]</c>, its own and the server's behind it.</summary>
    public static (int Port, string Host, int ServerPort) PortHostAndPort(this string[] args, int port, string host, int serverPort)
    {
        AtMost(3, args, "[PORT [HOST [PORT]]]");
        return (
            args.Length > 0 ? Port(args[0], lowest: 0) : port,
            args.Length > 1 ? args[1] : host,
            args.Length > 2 ? Port(args[2], lowest: 1) : serverPort);
    }

    private static int Port(string text, int lowest) =>
        int.TryParse(text, out var port) && port >= lowest && port <= 65535
            ? port
            : throw Wrong($"'{text}' is not a port. Give a number from {lowest} to 65535{(lowest == 0 ? "; 0 lets the system choose" : "")}.");

    private static void AtMost(int count, string[] args, string usage)
    {
        if (args.Length > count)
        {
            throw Wrong($"there is no use for the argument '{args[count]}'. Usage: {Program} {usage}");
        }
    }

    private static InvalidOperationException Wrong(string message) => Exit(2, message);

    [DoesNotReturn]
    private static InvalidOperationException Exit(int code, string message)
    {
        Console.Error.WriteLine($"{Program}: {message}");
        Environment.Exit(code);
        return new InvalidOperationException();
    }

    // The network's failures name what happened, where, and what to do: a stack trace would only hide it.
    [ModuleInitializer]
    internal static void FailWithAMessage() => AppDomain.CurrentDomain.UnhandledException += (_, e) =>
    {
        if (e.ExceptionObject is ConnectionException error)
        {
            Exit(1, error.Message);
        }
    };
}
