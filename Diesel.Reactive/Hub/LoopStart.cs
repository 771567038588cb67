namespace Diesel.Reactive;

/// <summary>How loops begin.</summary>
internal static class LoopStart
{
    /// <summary>In a coming turn. Any thread.</summary>
    public static Loop Start(Hub hub, LoopBody body, string? name, Loop? parent = null)
    {
        var loop = new Loop(hub, body, name ?? body.Name, parent, isForked: true);
        if (hub.IsCurrent && !hub.IsDisposed)
        {
            LoopFamily.Join(loop);
        }

        if (hub.IsDisposed || !hub.Post((Action<object?>)(static l => JoinAndBegin((Loop)l!)), loop, loop.Context))
        {
            loop.HubEnded(hub.Ended());
        }

        return loop;
    }

    /// <summary>At once, on the hub's thread.</summary>
    public static Loop Begin(Hub hub, LoopBody body, Action<Loop>? made = null)
    {
        var loop = new Loop(hub, body, body.Name);
        made?.Invoke(loop);
        using (loop.Context.Enter())
        {
            loop.Begin();
        }

        return loop;
    }

    private static void JoinAndBegin(Loop loop)
    {
        LoopFamily.Join(loop);
        loop.Begin();
    }
}
