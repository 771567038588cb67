using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class DuplexReportTests
{
    [Test]
    public void A_late_and_wrong_answer_is_drawn_under_what_arrived() => Assert.That(
        Report(@"--'PI'-'NG\r\n'--|", @"----'PONG\r\n'|", null, (c, hub) => c.UntilEol().Delay(TimeSpan.FromMilliseconds(1), hub).Subscribe(c)),
        Is.EqualTo(
            """
            Marbles differ: tx   (DuplexTests.cs:42)

              ms          2    4         5          7
              rx        --'PI'-'NG\r\n'  -         -|
              expected  ---   -'PONG\r\n'|
              actual    ---   --         'PING\r\n'--|
                               ^         ^           ^
              3 of 3 differ, first at 4 ms:
                'PONG\r\n'  missing: expected at 4 ms
                'PING\r\n'  unexpected at 5 ms
                |           expected 5 ms, was 8 ms   (3 ms late)
            """.ReplaceLineEndings("\n")));

    [Test]
    public void A_missing_fin_is_told() => Assert.That(
        Report("-a|", "-a|", null, (c, _) => c.Subscribe(c.OnNext)),
        Is.EqualTo(
            """
            Marbles differ: tx   (DuplexTests.cs:42)

              ms          2
              rx        -a|
              expected  -a|
              actual    -a
                          ^
              1 of 2 differs, first at 2 ms:
                |     missing: expected at 2 ms
            """.ReplaceLineEndings("\n")));

    [Test]
    public void A_reset_instead_of_a_fin_is_told() => Assert.That(
        Report("-a|", "-a|", null, (c, _) => c.Subscribe(c.OnNext, c.Abort)),
        Is.EqualTo(
            """
            Marbles differ: tx   (DuplexTests.cs:42)

              ms          2
              rx        -a|
              expected  -a|
              actual    -a#
                          ^
              1 of 2 differs, first at 2 ms:
                |     at 2 ms: expected the completion, was the error ConnectionException: 'reset by this side'
            """.ReplaceLineEndings("\n")));

    [Test]
    public void An_answer_through_a_closed_window_is_told_with_the_window() => Assert.That(
        Report("-a", "-a", "-!--^", (c, _) => c.Subscribe(c)),
        Is.EqualTo(
            """
            Marbles differ: tx   (DuplexTests.cs:42)

              ms         1  4
              rx        -a
              window    -!--^
              expected  -a
              actual    ----a
                            ^
              1 of 1 differs, first at 1 ms:
                a     expected 1 ms, was 4 ms   (3 ms late)
            """.ReplaceLineEndings("\n")));

    [Test]
    public void A_peer_nobody_connected_to_is_told() => Assert.That(
        Message(t => t.Duplex("-a", "-a", null, "/t/DuplexTests.cs", 42).Named("redis")),
        Is.EqualTo("Nobody connected to the peer of redis tx: use its Connection, Stream or Pipe, or say Dials, or At and dial it.   (DuplexTests.cs:42)"));

    [Test]
    public void A_missing_disposal_is_told() => Assert.That(
        Message(t => t.Duplex("", "a-!", null, "/t/DuplexTests.cs", 42).Stream.Write("a"u8)),
        Is.EqualTo(
            """
            Marbles differ: tx   (DuplexTests.cs:42)

              ms        0 2
              rx        -
              expected  a-!
              actual    a
                          ^
              1 of 2 differs, first at 2 ms:
                !     missing: expected at 2 ms
            """.ReplaceLineEndings("\n")));

    [Test]
    public void Bytes_in_any_time_are_still_compared() => Assert.That(
        Message(t =>
        {
            var peer = t.Duplex("-a-b|", "---[ac]|", null, "/t/DuplexTests.cs", 42).InAnyTime();
            peer.Connection.Subscribe(peer.Connection);
        }),
        Is.EqualTo(
            """
            Marbles differ: tx, in any time   (DuplexTests.cs:42)

              ms        0
              expected  ['ac'|]
              actual    ['ab'|]
                         ^
              1 of 2 differs, first at 0 ms:
                'ac'  at 0 ms: expected 'ac', was 'ab'
            """.ReplaceLineEndings("\n")));

    private static string Report(string rx, string tx, string? window, Action<Connection, Hub> serve) =>
        Message(t => serve(t.Duplex(rx, tx, window, "/t/DuplexTests.cs", 42).Connection, t.Hub));

    private static string Message(Action<MarbleTest> body) =>
        Assert.Throws<MarblesDifferException>(() => MarbleTest.Run(body))!.Message.ReplaceLineEndings("\n");
}
