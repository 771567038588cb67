using System.Reactive.Disposables;
using Diesel.Reactive.Dashboard.Drawing;
using Spectre.Console;

namespace Diesel.Reactive.Dashboard;

/// <summary>Shows a hub while it runs.</summary>
public static class HubDashboard
{
    /// <summary>Shows what there is on a hub, live: connections and their rates, services, pools, loops, errors. Where there is no terminal, a line now and then.</summary>
    /// <param name="hub">Which.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>Disposing it leaves what was shown last.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hub"/> is null.</exception>
    /// <remarks>It is drawn on a thread of its own: a terminal that is slow does not hold the hub up, and a hub that is held up is shown as such. It ends with the hub. A
    /// terminal has one of them, and what a program writes meanwhile stands above it.</remarks>
    public static IDisposable Dashboard(this Hub hub, DashboardOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(hub);
        options ??= new();
        var (run, stopping) = (new DashboardRun(hub, options, options.Console ?? AnsiConsole.Console), new CancellationTokenSource());
        var drawing = new Thread(() => run.Show(stopping.Token)) { IsBackground = true, Name = "dashboard" };
        drawing.Start();
        return Disposable.Create(() =>
        {
            stopping.Cancel();
            drawing.Join(TimeSpan.FromSeconds(1));
        });
    }
}
