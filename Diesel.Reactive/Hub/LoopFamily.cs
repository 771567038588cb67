namespace Diesel.Reactive;

/// <summary>A loop's children. A field, not a value to hand around; its loop's hub only.</summary>
internal struct LoopFamily
{
    // Nearly every loop has none.
    private HashSet<Loop>? _children;

    /// <summary>A loop joins its parent's children, or those that stand alone; the child of a parent that has ended does, too.</summary>
    public static void Join(Loop loop)
    {
        if (loop.Parent is not { } parent)
        {
            loop.Hub.Roots.Add(loop);
        }
        else if (parent.State >= LoopState.Restarting)
        {
            loop.EndWithParent(loop.Hub.IsDisposed ? loop.Hub.Ended() : null);
        }
        else if (!loop.IsEnding)
        {
            (parent.Family._children ??= []).Add(loop);
        }
    }

    public static void Leave(Loop loop)
    {
        if (!loop.Hub.IsCurrent)
        {
            // Its hub had ended before it could join the others.
            return;
        }

        if (loop.Parent is { } parent)
        {
            parent.Family._children?.Remove(loop);
        }
        else
        {
            loop.Hub.Roots.Remove(loop);
        }
    }

    /// <param name="hubEnded">Why, if the hub has ended.</param>
    public void EndAll(ObjectDisposedException? hubEnded)
    {
        var children = _children;
        _children = null;
        foreach (var child in children ?? [])
        {
            child.EndWithParent(hubEnded);
        }
    }

    public readonly IReadOnlyList<LoopStatus> GetStatus() => _children is null ? [] : LoopStatus.Of(_children);
}
