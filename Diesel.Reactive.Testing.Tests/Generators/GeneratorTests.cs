using CsCheck;
using Diesel.Reactive.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Diesel.Reactive.Tests;

/// <summary>Random diagrams, as FsCheck and CsCheck draw them.</summary>
public class GeneratorTests
{
    private static readonly MarbleShape Shape = new() { Names = "xy", MostValues = 4, LongestGap = 2, Fails = false };

    [FsCheck.NUnit.Property(Arbitrary = [typeof(MarbleArbitrary)])]
    public void A_property_takes_diagrams(MarbleDiagram marbles) => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot($"{marbles}").Select(static value => value)).ToBe($"{marbles}"));

    [Test]
    public void A_sample_takes_diagrams() => MarbleGen.Diagram.Sample(
        static marbles => MarbleTest.Run(t => t.ExpectObservable(t.Cold(marbles.Source).Concat(Observable.Empty<string>())).ToBe(marbles.Source)), iter: 300, threads: 1);

    [Test]
    public void They_have_the_shape_that_was_asked_for()
    {
        var drawn = MarbleShapes.Gen(Shape).Sample(500, 30).Concat(Enumerable.Range(0, 500).Select(static _ => MarbleGen.Of(Shape).Single())).ToList();
        Assert.That(drawn.Select(static one => one.Events.Count(static told => told.Kind == MarbleKind.Value)).Distinct().Order(), Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
        Assert.That(drawn.SelectMany(static one => one.Events).Select(static told => told.Spelling?.Text ?? $"{told.Kind}").Distinct().Order(StringComparer.Ordinal), Is.EqualTo(new[] { "Completed", "x", "y" }));
        Assert.That(drawn.SelectMany(static one => one.Events.Zip(one.Events.Skip(1))).Max(static pair => (pair.Second.Time - pair.First.Time).TotalMilliseconds), Is.EqualTo(2));
    }

    // Fails for every stream that has a b after an a.
    [Test]
    public void The_simplest_that_fails_is_found()
    {
        var least = "";
        var shape = new MarbleShape();
        Assert.That(() => Prop.ForAll(shape.Arbitrary(), marbles =>
        {
            var (a, b) = (marbles.Source.IndexOf('a', StringComparison.Ordinal), marbles.Source.LastIndexOf('b'));
            least = a >= 0 && b > a ? marbles.Source : least;
            return a < 0 || b < a;
        }).QuickCheckThrowOnFailure(), Throws.Exception);
        Assert.That(least, Is.EqualTo("[ab]"));
    }

    [Test]
    public void What_is_simpler_ends() =>
        MarbleGen.Diagram.Sample(static marbles => new MarbleShape().Simpler(marbles).All(simpler => Weight(simpler) < Weight(marbles)), iter: 300, threads: 1);

    private static double Weight(MarbleDiagram marbles) => marbles.Events.Sum(static told => 1000 + told.Time.TotalMilliseconds + (told.Spelling?.Text == "a" ? 0 : 1));
}
