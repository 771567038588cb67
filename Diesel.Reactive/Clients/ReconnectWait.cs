namespace Diesel.Reactive;

/// <summary>Waiting for a connection that is ready: each who waits needs one.</summary>
internal sealed class ReconnectWait<T>(ReconnectRun<T> run, Hub hub, TimeSpan most) : Wait<T>(hub, most == TimeSpan.Zero ? System.Threading.Timeout.InfiniteTimeSpan : most)
    where T : class
{
    protected override bool IsReady => run.Current is not null;

    protected override WaitLine<T> Line => run.Line;

    protected override T Take() => run.Current!;

    protected override bool IsEnded(out Exception? error) => (error = run.Disposed()) is not null;

    protected override Exception? Refusal() => run.Refusal();

    protected override void Joined() => run.Wake();

    protected internal override Exception OnTimeout() => run.Late(Limit);

    public override string ToString() => $"waiting for {run} to be ready";
}
