namespace Diesel.Reactive;

/// <summary>Calls what may throw and must not keep its caller from going on: what it throws is reported, each error by itself.</summary>
internal static class UserCode
{
    public static void Run(Hub hub, object owner, Action step)
    {
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
    }
}
