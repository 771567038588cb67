namespace Diesel.Reactive.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class ErrorLogTests
{
    private readonly StringWriter _written = new() { NewLine = "\n" };
    private TimeSpan _now;

    [Test]
    public void A_flood_is_counted_instead()
    {
        using (var log = Log())
        {
            Flood(log, 70);
        }

        Assert.That((Lines.Length, Lines[^1]), Is.EqualTo((51, "20 more errors were left out.")));
    }

    [Test]
    public void The_next_second_tells_how_many_and_goes_on()
    {
        using (var log = Log())
        {
            Flood(log, 52);
            _now += TimeSpan.FromSeconds(1);
            Flood(log, 1);
        }

        Assert.That(Lines[^2..], Is.EqualTo(new[] { "2 more errors were left out.", "test: ProtocolException: x" }));
    }

    [Test]
    public void A_writer_that_fails_gets_the_next()
    {
        var failed = false;
        using (var log = new ErrorLog(() => failed ? _written : Fail(), () => _now))
        {
            Flood(log, 2);
        }

        TextWriter Fail()
        {
            failed = true;
            throw new IOException();
        }

        Assert.That(Lines, Has.Length.EqualTo(1));
    }

    private string[] Lines => _written.ToString().TrimEnd('\n').Split('\n');

    private static void Flood(ErrorLog log, int count)
    {
        for (var i = 0; i < count; i++)
        {
            log.Add(new HubError(new ProtocolException("x"), "test", HubErrorKind.Peer));
        }
    }

    private ErrorLog Log() => new(() => _written, () => _now);
}
