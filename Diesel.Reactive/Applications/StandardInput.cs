using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>The process's standard input.</summary>
public static class StandardInput
{
    /// <summary>Standard input by lines.</summary>
    /// <param name="hub">Where the lines arrive; null for the current hub, or the default one.</param>
    /// <returns>Cold: a subscription reads, one line at a time and the next when the last was taken, until the input ends.
    /// After unsubscribing, the line that was being waited for is still read, and lost.</returns>
    /// <remarks>Errors: <see cref="IOException"/>. Source: diesel's <c>create_line_input_stream</c>.</remarks>
    public static IObservable<string> Lines(Hub? hub = null) => Lines(StandardStreams.Input, hub);

    internal static IObservable<string> Lines(TextReader input, Hub? hub) => Observable.Create<string>(observer =>
    {
        var on = Hub.Of(hub);
        return on.Run(input.ReadLine).Repeat().TakeWhile(static line => line is not null).Select(static line => line!).Subscribe(observer);
    });
}
