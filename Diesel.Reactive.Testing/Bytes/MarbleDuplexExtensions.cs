using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Testing;

/// <summary>Peers that follow diagrams.</summary>
public static class MarbleDuplexExtensions
{
    /// <summary>Makes the peer of one connection: <c>t.Duplex(rx: "--'PI'-'NG\r\n'--|", tx: "----'PONG\r\n'--|")</c>.</summary>
    /// <param name="test">The test.</param>
    /// <param name="rx">What arrives: each name, text or <c>&lt;0d0a&gt;</c> is one chunk, <c>|</c> is the peer's FIN, <c>#</c> its
    /// reset.</param>
    /// <param name="tx">What is to be sent: <c>|</c> is our FIN, <c>#</c> our reset, <c>!</c> that we dispose it without
    /// either. Null: whatever is sent.</param>
    /// <param name="window"><c>^--!--^</c>: from <c>!</c> to <c>^</c> the peer takes nothing. Null: it always does.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <returns>The peer; its rows begin now, or when one dials.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="test"/> or <paramref name="rx"/> is null.</exception>
    /// <exception cref="MarbleSyntaxException">A diagram breaks the rules.</exception>
    public static MarbleDuplex Duplex(
        this MarbleTest test, string rx, string? tx = null, string? window = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(test);
        return new(test.State, DuplexScript.Parse(rx, tx, window), new(file, line));
    }

    /// <summary>Makes the peer that a case of a file tells of: what a <see cref="Wiretap"/> recorded, say.</summary>
    /// <param name="test">The test.</param>
    /// <param name="recorded">With one row <c>rx</c>, and at most one <c>tx</c> and one <c>window</c>.</param>
    /// <returns>The peer; its rows begin now, or when one dials. Rows of real time are compared <see cref="MarbleDuplex.InAnyTime"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The case has no <c>rx</c>, or several rows of one role.</exception>
    public static MarbleDuplex Duplex(this MarbleTest test, MarbleCase recorded)
    {
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(recorded);
        return new(test.State, DuplexScript.Of(recorded), new(recorded.Path, recorded.Line));
    }
}
