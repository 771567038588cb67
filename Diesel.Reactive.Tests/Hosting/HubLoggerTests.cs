using Diesel.Reactive.Hosting;
using Microsoft.Extensions.Logging;

namespace Diesel.Reactive.Tests;

public class HubLoggerTests
{
    [Test]
    public void A_record_becomes_an_entry_with_its_values_apart()
    {
        using var world = new World();
        var entries = new LogEntries();
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(entries).SetMinimumLevel(LogLevel.Debug));
        using var writing = world.Hub.Log().WriteTo(factory);
        var error = new InvalidOperationException("it broke");
        world.Hub.Report(error, "a test");
        var (category, level, id, text, exception, values) = entries.All.Single();
        Assert.That((category, level, id.Name, text, exception), Is.EqualTo(("Diesel.Reactive", LogLevel.Error, "HubError", "a test: InvalidOperationException: it broke", error)));
        Assert.That(values, Is.SupersetOf(new KeyValuePair<string, object?>[] { new("Source", "a test"), new("{OriginalFormat}", "{Source}: {ErrorType}: {ErrorMessage}") }));
    }

    [Test]
    public void What_is_below_the_loggers_level_is_not_written()
    {
        using var world = new World();
        var entries = new LogEntries();
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(entries).SetMinimumLevel(LogLevel.Information));
        using var writing = world.Hub.Log().WriteTo(factory);
        world.Hub.Report(new ProtocolException("a peer's"), "a test");
        Assert.That(entries.All, Is.Empty);
    }
}
