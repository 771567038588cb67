using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A hot source tells its end to who comes late, as a subject does.</summary>
public class HotSourceEndTests
{
    [Test]
    public void Who_subscribes_late_is_told_the_end() => MarbleTest.Run(static t =>
    {
        t.ExpectObservable(t.Hot("-a|"), "-----^").ToBe("-----|");
        t.ExpectObservable(t.Hot("-a#"), "-----^").ToBe("-----#");
    });

    [Test]
    public void Who_retries_gets_the_error_again() => MarbleTest.Run(static t =>
    {
        var source = t.Hot("-a#");
        t.ExpectObservable(source.Retry(2)).ToBe("-a#");
        t.ExpectSubscriptions(source).ToBe("^-!", "--[^!]");
    });

    [Test]
    public void Who_comes_at_the_instant_of_the_end_is_told_it_once() => MarbleTest.Run(static t =>
        t.ExpectObservable(t.Hot("-a|"), "--^").ToBe("--|"));

    [Test]
    public void What_ended_before_zero_has_ended() => MarbleTest.Run(static t => t.ExpectObservable(t.Hot("a|-^--")).ToBe("|"),
        new MarbleOptions { Dialect = MarbleDialect.RxJs7 });

    [Test]
    public void Who_repeats_it_for_ever_comes_to_an_end() => Assert.That(
        static () => MarbleTest.Run(static t => t.ExpectObservable(t.Hot("-a|").Repeat()).ToBe("-a"), new MarbleOptions { MaxActions = 1000 }),
        Throws.TypeOf<MarblesDifferException>().With.Message.Contains("unexpected at 2 ms: EndlessRunException"));
}
