using System.Reactive.Threading.Tasks;
using Diesel.Reactive.AspNetCore;
using Microsoft.AspNetCore.Builder;

namespace Diesel.Reactive.Tests;

/// <summary>What is said when an application holds up its hub.</summary>
public class DieselWatchdogTests
{
    [Test]
    public async Task A_handler_that_takes_too_long_is_named([Values] bool whole)
    {
        using var live = new Live(new HubOptions { SlowTurn = TimeSpan.FromMilliseconds(20) });
        await using var web = await WebOnHub.Start(new() { Hub = live.Hub, RunsOnHub = whole }, app =>
        {
            var slow = app.MapGet("/slow/{n}", static (int n) => SpinWait.SpinUntil(static () => false, 200));
            _ = whole ? slow : slow.RunOnHub();
        });
        using var client = web.Client();
        using (await client.GetAsync(new Uri("nothing", UriKind.Relative)))
        {
            // What is compiled first takes long, too, and is no endpoint's.
        }

        await client.GetStringAsync(new Uri("slow/7", UriKind.Relative));
        var told = live.Await(live.Errors.FirstAsync(error => error.Kind == HubErrorKind.SlowTurn && error.Exception.Message.Contains("/slow/{n}", StringComparison.Ordinal)).ToTask());
        Assert.That(told.Exception.Message, Does.Contain("HTTP: GET /slow/{n}"));
    }

    [Test]
    public async Task Who_blocks_on_the_hub_is_told_so_and_how_to_go_on()
    {
        using var live = new Live();
        await using var web = await WebOnHub.Start(new() { Hub = live.Hub, RunsOnHub = true }, static app => app.MapGet("/", static () =>
        {
            try
            {
                Task.Delay(1000).Wait();
                return "it waited";
            }
            catch (InvalidOperationException error)
            {
                return error.Message;
            }
        }));
        using var client = web.Client();
        Assert.That(await client.GetStringAsync(new Uri("/", UriKind.Relative)), Does.Contain("hub"));
    }
}
