using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>The process's standard input, as lines of text or as bytes.</summary>
public static class StandardInput
{
    /// <summary>Standard input and output as one connection of bytes: for a filter, or a program that another one talks to.</summary>
    /// <param name="options">Bounds of the connection; null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <returns>Cold: each subscription and each <c>await</c> makes one; a process has use for one only, since what one has read is gone for
    /// the others. What a reader does not consume stays for its next one.</returns>
    /// <remarks>Nothing is read before somebody reads, and then as much as is there: <see cref="Lines(Hub?)"/> beside it would miss
    /// that. The end of the output closes standard output. <c>Console.Out</c> writes to the same place, in between.</remarks>
    public static Awaitable<Connection> Open(ConnectionOptions? options = null, Hub? hub = null) => new HubCall<Connection>(
        Hub.Of(hub), on => Tcp.Over(new TwoStreams(StandardStreams.OpenInput(), StandardStreams.OpenOutput(), "standard input and output"), options, on), "standard input");

    /// <summary>Standard input by lines.</summary>
    /// <param name="hub">Where the lines arrive; null for the current hub, or the default one.</param>
    /// <returns>Cold: a subscription reads, one line at a time and the next when the last was taken, until the input ends.
    /// After unsubscribing, the line that was being waited for is still read, and lost.</returns>
    /// <remarks>Errors: <see cref="IOException"/>. Idea: diesel's <c>create_line_input_stream</c>.</remarks>
    public static IObservable<string> Lines(Hub? hub = null) => Lines(StandardStreams.Input, hub);

    internal static IObservable<string> Lines(TextReader input, Hub? hub) => Observable.Create<string>(observer =>
    {
        var on = Hub.Of(hub);
        return on.Run(input.ReadLine).Repeat().TakeWhile(static line => line is not null).Select(static line => line!).Subscribe(observer);
    });
}
