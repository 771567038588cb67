using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>The loop of a method that has asked for none: it did not wait, and did not look. Most that are done at once never do.</summary>
/// <param name="method">What it is called after.</param>
/// <param name="hasEnded">Whether it is over already.</param>
internal sealed class UnmadeLoop(Delegate method, bool hasEnded = false)
{
    private static readonly LoopBody Called = new("a method", static _ => Disposable.Empty) { IsJoined = true };

    private UnmadeLoop? _ended;

    public bool HasEnded => hasEnded;

    /// <summary>The same when the method is done: who kept its context finds a loop that has ended.</summary>
    public UnmadeLoop Ended => _ended ??= new UnmadeLoop(method, hasEnded: true);

    public Loop Make(HubContext context)
    {
        var loop = new Loop(context.Hub, Called, LoopBody.NameOf(method), context: context);
        loop.HasBegun();
        if (hasEnded)
        {
            loop.End(null);
        }

        return loop;
    }
}
