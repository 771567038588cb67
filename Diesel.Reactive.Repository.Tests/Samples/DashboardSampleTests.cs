namespace Diesel.Reactive.Tests;

/// <summary>The sample of the dashboard, without a terminal.</summary>
public class DashboardSampleTests
{
    [Test]
    public async Task Tells_a_line_a_second_and_ends()
    {
        await using var process = await SampleProcess.Start("dashboard", "2.5");
        var said = await process.ReadToEnd();
        Assert.That(said, Does.Contain("shop: ").And.Contain("turns/s").And.Contain("wait for pools").And.Contain("this sample").And.Not.Contain("\u001b"));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }
}
