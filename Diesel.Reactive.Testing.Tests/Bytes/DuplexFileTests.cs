using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class DuplexFileTests
{
    private static readonly MarbleFile File = MarbleFile.Parse(
        """
        = a name, a window, and a reset behind the fin
        rx     : -x-|--#
        tx     : ----x
        window : !---^
        x := <0d0a>

        = a disposal
        rx : -a
        tx : --!

        = a wrong answer
        rx : -a
        tx : -b

        = two peers
        rx one : a
        rx two : b

        = no peer
        hot keys : a
        """, "duplex.marble");

    [Test]
    public void A_case_is_a_peer() => Case("a name, a window, and a reset behind the fin").Run(m =>
    {
        var connection = m.Duplex().Connection;
        connection.Subscribe(connection.OnNext);
    });

    [Test]
    public void A_disposal_may_stand_in_tx() => Case("a disposal").Run(m =>
    {
        var stream = m.Duplex().Stream;
        m.Test.On("--d", _ => stream.Dispose());
    });

    [Test]
    public void A_wrong_answer_fails_the_case() => Assert.That(
        () => Case("a wrong answer").Run(m =>
        {
            var connection = m.Duplex().Connection;
            connection.Subscribe(connection.OnNext);
        }),
        Throws.TypeOf<MarbleCaseFailedException>().With.Message.Contains("expected 'b', was 'a'"));

    [TestCase("two peers", "several rows Rx")]
    [TestCase("no peer", "no rx row")]
    public void A_case_that_is_no_peer_is_refused(string title, string problem) => MarbleTest.Run(
        t => Assert.That(() => t.Duplex(Case(title)), Throws.ArgumentException.With.Message.Contains(problem)), new MarbleOptions { ExpectNothing = true });

    private static MarbleCase Case(string title) => File.Cases.Single(each => each.Title == title);
}
