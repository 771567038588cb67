using System.Net.Sockets;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class DuplexConnectionTests
{
    [Test]
    public void A_line_in_two_chunks_is_answered_at_the_frame_of_its_last_byte() => MarbleTest.Run(t =>
    {
        var peer = t.Duplex(rx: @"--'PI'-'NG\r\n'--|", tx: @"----'ping\r\n'--|");
        Lower(peer.Connection);
    });

    [Test]
    public void A_closed_window_delays_the_answer() => MarbleTest.Run(t =>
    {
        var peer = t.Duplex(rx: "-'a'---'b'-|", tx: "----ab-|", window: "!---^");
        peer.Connection.Subscribe(peer.Connection);
    });

    [Test]
    public void A_window_may_open_and_close_again() => MarbleTest.Run(t =>
    {
        var peer = t.Duplex(rx: "abcdef|", tx: "-[ab]--[cde]f|", window: "!^!-^");
        peer.Connection.Subscribe(peer.Connection);
    });

    [Test]
    public void What_waits_for_the_window_is_pending() => MarbleTest.Run(t =>
    {
        var peer = t.Duplex(rx: "", tx: "---'abc'", window: "!--^");
        peer.Connection.OnNext("abc".ToBytes());
        var pending = new List<long>();
        t.On("-a--b", _ => pending.Add(peer.Connection.PendingBytes));
        t.Flush();
        Assert.That(pending, Is.EqualTo(new[] { 3, 0 }));
    });

    [Test]
    public void The_fin_completes_the_input() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Duplex(rx: "-a-b-|").Connection).ToBe("-a-b-|"));

    [Test]
    public void A_reset_fails_the_input_behind_what_came_before() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Duplex(rx: "-a-[b#]").Connection).WithError(IsReset).ToBe("-a-[b#]"));

    [Test]
    public void A_reset_may_follow_a_fin() => MarbleTest.Run(t =>
    {
        var connection = t.Duplex(rx: "-a|--#", tx: "----'more'").Connection;
        t.ExpectObservable(connection).ToBe("-a|");
        t.On("----m", _ => connection.OnNext("more".ToBytes()));
        var closed = TimeSpan.Zero;
        connection.Closed.Register(() => closed = t.Scheduler.Elapsed);
        t.Flush();
        Assert.That(closed, Is.EqualTo(TimeSpan.FromMilliseconds(5)));
    });

    [Test]
    public void The_fin_and_the_abort_of_the_code_are_told() => MarbleTest.Run(t =>
    {
        var (completes, aborts) = (t.Duplex("", "--'x'-|").Connection, t.Duplex("", "---#").Connection);
        t.On("--n-c", ("n", () => completes.OnNext("x".ToBytes())), ("c", completes.OnCompleted));
        t.On("---a", ("a", aborts.Abort));
    });

    [Test]
    public void A_disposed_connection_sends_its_fin_and_no_reset_when_the_peer_does_not_end() => MarbleTest.Run(t =>
    {
        var connection = t.Duplex("", "-| 6000ms -").Connection;
        t.On("-d", ("d", connection.Dispose));
    });

    [Test]
    public void Chunks_arrive_one_by_one_also_when_they_come_at_once() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Duplex(rx: "-['ab''cd']|").Connection.Select(chunk => chunk.ToText())).ToBe("-['ab''cd']|"));

    [Test]
    public void Nothing_is_lost_while_nobody_reads() => MarbleTest.Run(t =>
    {
        var connection = t.Duplex(rx: "ab-c|").Connection;
        t.ExpectObservable(connection, "-----^").ToBe("-----[abc|]");
    });

    [Test]
    public Task A_conversation_is_awaited() => MarbleTest.RunAsync(async t =>
    {
        var peer = t.Duplex(rx: @"----'200\r\n'", tx: @"-'HELLO\r\n'--'QUIT\r\n'|");
        await Task.Delay(TimeSpan.FromMilliseconds(1), t.TimeProvider);
        peer.Connection.OnNext("HELLO\r\n".ToBytes());
        var answer = await peer.Connection.Read(Framing.UntilEol());
        Assert.That(answer.ToText(), Is.EqualTo("200\r\n"));
        peer.Connection.OnNext("QUIT\r\n".ToBytes());
        await Task.Delay(TimeSpan.FromMilliseconds(1), t.TimeProvider);
        peer.Connection.OnCompleted();
    });

    [Test]
    public void What_is_sent_is_written_down_as_it_was_cut() => MarbleTest.Run(t =>
    {
        var peer = t.Duplex("");
        t.On("-a-b", name => peer.Connection.OnNext(name.ToBytes()));
        t.ExpectObservable(peer.Tx).ToBe("-a-b");
        t.Flush();
        Assert.That(peer.Sent.ToString(), Is.EqualTo("-a-b"));
    });

    [Test]
    public void Frames_of_what_arrives_are_expected_beside_the_code() => MarbleTest.Run(t =>
    {
        var peer = t.Duplex(rx: @"--'PI'-'NG\r\n'--|", tx: @"----'ping\r\n'--|");
        Lower(peer.Connection);
        t.ExpectObservable(peer.Rx.UntilEol()).ToBe(@"----'PING\r\n'--|");
    });

    [Test]
    public void The_rows_begin_when_the_code_dials() => MarbleTest.Run(t =>
    {
        var peer = t.Duplex(rx: "-a|", tx: "-a|").At("peer", 7);
        t.On(" 5ms c", ("c", () => Tcp.Connect("peer", 7, hub: t.Hub).Subscribe(c => c.Subscribe(c))));
        t.ExpectObservable(peer.Rx).ToBe(" 6ms a|");
    });

    [Test]
    public void The_rows_have_begun_when_the_code_comes_late() => MarbleTest.Run(t =>
    {
        var peer = t.Duplex(rx: "-ab-c", tx: " 3ms [ab]c");
        t.On("---c", ("c", () => peer.Connection.Subscribe(peer.Connection)));
    });

    [Test]
    public void The_end_is_taken_once()
    {
        MarbleTest.Run(t =>
        {
            var peer = t.Duplex("");
            var connection = peer.Connection;
            Assert.That(peer.Connection, Is.SameAs(connection));
            Assert.That(() => peer.Stream, Throws.InvalidOperationException.With.Message.Contains("taken in another way"));
        });
    }

    [TestCase("--!", null, null, "belongs in tx")]
    [TestCase("--^", null, null, "begins with the connection")]
    [TestCase("a|b", null, null, "Nothing can happen after '|'")]
    [TestCase("#|", null, null, "Nothing can happen after '#'")]
    [TestCase("", "|a", null, "Nothing can happen after '|'")]
    [TestCase("", "", "a", "cannot stand in a window")]
    [TestCase("''", null, null, "write '|' for the FIN")]
    public void What_cannot_be_is_refused(string rx, string? tx, string? window, string problem) => MarbleTest.Run(
        t => Assert.That(() => t.Duplex(rx, tx, window), Throws.TypeOf<MarbleSyntaxException>().With.Message.Contains(problem)),
        new MarbleOptions { ExpectNothing = true });

    private static bool IsReset(Exception error) =>
        error is ConnectionException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionReset } };

    private static void Lower(Connection connection) => connection.UntilEol().Select(line => line.ToText().ToLowerInvariant().ToBytes()).Subscribe(connection);
}
