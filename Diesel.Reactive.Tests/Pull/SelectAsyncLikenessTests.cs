using FsCheck.NUnit;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace Diesel.Reactive.Tests;

/// <summary>Whether an item's method waits or not, and whether it looks at its loop: nobody else can tell that there may be none.</summary>
[Properties(MaxTest = 500, QuietOnSuccess = true)]
public class SelectAsyncLikenessTests
{
    [Property]
    public void It_looks_as_if_each_item_had_a_loop_from_its_beginning(int seed) =>
        Assert.That(
            AsyncPlay.Of(Math.Abs(seed % 1_000_000), static (source, selector, max, ordered, hold, capacity, hub) =>
                source.SelectAsync(selector, max, ordered, hold, capacity, hub)),
            Is.EqualTo(AsyncPlay.Of(Math.Abs(seed % 1_000_000), LoopPerItem<int, int>.Of)));
}
