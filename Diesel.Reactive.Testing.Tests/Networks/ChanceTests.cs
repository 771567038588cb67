using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What is drawn depends on the seed, the kind, the link and the ordinal, and on nothing else.</summary>
public class ChanceTests
{
    [Test]
    public void One_seed_draws_the_same_on_every_machine() => Assert.That(
        Struck(new Chance(7, Zero), ("a→b", 20)), Is.EqualTo("a→b4 a→b5 a→b7 a→b8 a→b10 a→b14 a→b16 a→b17 a→b18"));

    [Test]
    public void Another_seed_draws_something_else() => Assert.That(
        Struck(new Chance(8, Zero), ("a→b", 20)), Is.Not.EqualTo(Struck(new Chance(7, Zero), ("a→b", 20))));

    [Test]
    public void Links_do_not_disturb_each_other()
    {
        var together = Struck(new Chance(7, Zero), ("a→b", 10), ("b→a", 20), ("a→b", 10)).Split(' ');
        Assert.That(together.Where(static f => f.StartsWith('a')), Is.EqualTo(Struck(new Chance(7, Zero), ("a→b", 20)).Split(' ')));
        Assert.That(together.Where(static f => f.StartsWith('b')), Is.EqualTo(Struck(new Chance(7, Zero), ("b→a", 20)).Split(' ')));
    }

    [Test]
    public void Kinds_do_not_disturb_each_other()
    {
        var chance = new Chance(7, Zero);
        Draws(chance, FaultKind.Duplication, "a→b", 5);
        Assert.That(Struck(chance, ("a→b", 20)), Is.EqualTo(Struck(new Chance(7, Zero), ("a→b", 20))));
    }

    [Test]
    public void A_fault_that_may_not_strike_leaves_the_others()
    {
        var all = new Chance(7, Zero);
        Draws(all, FaultKind.Loss, "a→b", 100);
        var some = new Chance(7, Zero);
        some.Allow(all.Struck.Skip(3));
        Draws(some, FaultKind.Loss, "a→b", 100);
        Assert.That(some.Struck, Is.EqualTo(all.Struck.Skip(3)));
    }

    [Test]
    public void Numbers_reach_from_bound_to_bound_and_the_calm_one_is_no_fault()
    {
        var chance = new Chance(7, Zero);
        var drawn = Enumerable.Range(0, 200).Select(_ => chance.Draw(FaultKind.Cut, "a→b", 1, 4, 4)).ToList();
        Assert.That((drawn.Min(), drawn.Max()), Is.EqualTo((1, 4)));
        Assert.That(chance.Struck, Has.Count.EqualTo(drawn.Count(static n => n != 4)));
    }

    [Test]
    public void A_number_that_may_not_be_drawn_is_the_calm_one()
    {
        var chance = new Chance(7, Zero);
        chance.Allow([]);
        Assert.That(Enumerable.Range(0, 100).Select(_ => chance.Draw(FaultKind.Delay, "a→b", 1, 4, 1)), Is.All.EqualTo(1));
    }

    private static TimeSpan Zero() => TimeSpan.Zero;

    private static void Draws(Chance chance, FaultKind kind, string link, int times)
    {
        for (var n = 0; n < times; n++)
        {
            chance.Strikes(kind, link, 0.5);
        }
    }

    private static string Struck(Chance chance, params (string Link, int Times)[] draws)
    {
        Array.ForEach(draws, draw => Draws(chance, FaultKind.Loss, draw.Link, draw.Times));
        return string.Join(' ', chance.Struck.Where(static f => f.Kind == FaultKind.Loss).Select(static f => $"{f.Link}{f.Ordinal}"));
    }
}
