namespace Diesel.Reactive;

/// <summary>Calls code that is none of its caller's: what it throws is reported, each error by itself, and what it sets (an
/// <see cref="AsyncLocal{T}"/>) is gone afterwards.</summary>
internal static class UserCode
{
    public static void Run(Hub hub, object owner, Action step)
    {
        var flow = ExecutionContext.Capture();
        try
        {
            step();
        }
        catch (AggregateException errors)
        {
            foreach (var error in errors.InnerExceptions)
            {
                hub.Report(error, Label.Of(owner));
            }
        }
        catch (Exception error)
        {
            hub.Report(error, Label.Of(owner));
        }

        if (flow is not null && ExecutionContext.Capture() != flow)
        {
            ExecutionContext.Restore(flow);
        }
    }
}
