namespace Diesel.Reactive;

/// <summary>What a loop waits for. A field, not a value to hand around; its loop's hub only.</summary>
internal struct LoopWaits
{
    private const int MostRefused = 16;

    // One, or a set where there are several: nearly every loop waits for one thing at a time.
    private object? _suspensions;
    private int _refused;

    public readonly int Count => Slot.Count<ISuspension>(_suspensions);

    /// <summary>Each as errors show it.</summary>
    public readonly IReadOnlyList<string> Descriptions => _suspensions is null ? [] : [.. Slot.All<ISuspension>(_suspensions).Select(static each => each.Description)];

    public void Add(ISuspension suspension) => Slot.Add(ref _suspensions, suspension);

    public void Remove(ISuspension suspension) => Slot.Remove(ref _suspensions, suspension);

    public IReadOnlyCollection<ISuspension> Take() => Slot.Take<ISuspension>(ref _suspensions);

    /// <summary>The loop has ended and waits again: it is told so each time, a few times, and then left where it is. Code that
    /// catches every exception would otherwise go round for ever, and take the hub with it.</summary>
    public void Refuse(Loop loop, ISuspension suspension)
    {
        _refused++;
        if (_refused <= MostRefused)
        {
            if (!loop.Hub.Post(static s => ((ISuspension)s!).Cancel(), suspension))
            {
                suspension.Cancel();
            }
        }
        else if (_refused == MostRefused + 1)
        {
            loop.Hub.Report(
                new InvalidOperationException(
                    $"{loop} was ended and went on waiting {MostRefused} times; it is left at its await for good. " +
                    "Let OperationCanceledException end it: catch (Exception e) when (e is not OperationCanceledException)."),
                loop.ToString());
        }
    }
}
