using FsCheck;
using FsCheck.Fluent;

namespace Diesel.Reactive.Testing;

/// <summary>Random diagrams of a shape, for FsCheck.</summary>
public static class MarbleShapes
{
    /// <summary>Diagrams of a shape, and how they are made simpler.</summary>
    /// <param name="shape">What they are made of.</param>
    /// <returns>For <c>Prop.ForAll</c>, or a class of one's own that FsCheck is told of.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="shape"/> is null.</exception>
    public static Arbitrary<MarbleDiagram> Arbitrary(this MarbleShape shape) => Arb.From(shape.Gen(), shape.Simpler);

    /// <summary>Diagrams of a shape.</summary>
    /// <param name="shape">What they are made of.</param>
    /// <returns>For what is composed of them; the size says how many values there are.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="shape"/> is null.</exception>
    public static Gen<MarbleDiagram> Gen(this MarbleShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var value = from gap in FsCheck.Fluent.Gen.Choose(0, shape.LongestGap)
                    from name in FsCheck.Fluent.Gen.Choose(0, shape.Names.Length - 1)
                    select (gap, name);
        return from values in value.ListOf()
               from end in FsCheck.Fluent.Gen.Choose(0, 2)
               from gap in FsCheck.Fluent.Gen.Choose(0, shape.LongestGap)
               select shape.Make([.. values], end, gap);
    }
}
