using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>Who may send what, and when: letters are the client's, digits the server's.</summary>
public class HttpExchangeTests
{
    [TestCase("R E 2 9", "client Done, server Done")]
    [TestCase("R D D E 1 1 2 3 9", "client Done, server Done")]
    [TestCase("R 2 9", "client SendBody, server Done")]
    [TestCase("R 2 9 D E", "client Done, server Done")]
    [TestCase("2 9", "client Idle, server Done")]
    [TestCase("! 2 9", "client Error, server MustClose")]
    [TestCase("- R E 2 9", "client MustClose, server MustClose")]
    [TestCase("R E C 2 9", "client Closed, server MustClose")]
    [TestCase("R P E", "client MightSwitch, server SendResponse")]
    [TestCase("R P E 2 9", "client Done, server Done")]
    [TestCase("R P E 7", "client Switched, server Switched")]
    [TestCase("R E 2 9 N R", "client SendBody, server SendResponse")]
    public void Messages_lead_there(string events, string state) => Assert.That(Note(events, out _), Is.EqualTo(state));

    [TestCase("E")]
    [TestCase("D")]
    [TestCase("R R")]
    [TestCase("R E D")]
    [TestCase("R E 7")]
    [TestCase("1")]
    [TestCase("R 9")]
    [TestCase("R 3")]
    [TestCase("R 2 2")]
    [TestCase("R 2 1")]
    [TestCase("R 2 9 3")]
    [TestCase("R N")]
    [TestCase("- R E 2 9 N")]
    [TestCase("R P E 7 2")]
    public void The_last_of_these_may_not_be_sent(string events)
    {
        Note(events, out var refused);
        Assert.That(refused, Is.EqualTo(events.Split(' ').Length - 1));
    }

    private static string Note(string events, out int refused)
    {
        var exchange = new HttpExchange();
        refused = -1;
        var at = 0;
        foreach (var each in events.Split(' '))
        {
            var taken = each switch
            {
                "R" => exchange.TryNote(HttpRole.Client, HttpEvent.Request),
                "D" => exchange.TryNote(HttpRole.Client, HttpEvent.Data),
                "E" => exchange.TryNote(HttpRole.Client, HttpEvent.End),
                "C" => exchange.TryNote(HttpRole.Client, HttpEvent.Close),
                "!" => exchange.TryNote(HttpRole.Client, HttpEvent.Fault),
                "1" => exchange.TryNote(HttpRole.Server, HttpEvent.Interim),
                "2" => exchange.TryNote(HttpRole.Server, HttpEvent.Response),
                "3" => exchange.TryNote(HttpRole.Server, HttpEvent.Data),
                "7" => exchange.TryNote(HttpRole.Server, HttpEvent.Switch),
                "9" => exchange.TryNote(HttpRole.Server, HttpEvent.End),
                "N" => exchange.TryBeginNext(),
                "P" => Do(exchange.Propose),
                _ => Do(exchange.EndKeepAlive),
            };
            refused = taken ? refused : at;
            at++;
        }

        return exchange.ToString();
    }

    private static bool Do(Action action)
    {
        action();
        return true;
    }
}
