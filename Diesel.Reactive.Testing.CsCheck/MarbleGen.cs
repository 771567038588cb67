using CsCheck;

namespace Diesel.Reactive.Testing;

/// <summary>Random diagrams for CsCheck, which looks for the simplest that fails by itself.</summary>
public static class MarbleGen
{
    /// <summary>Diagrams of the usual shape: up to eight of the values <c>a</c>, <c>b</c> and <c>c</c>, and any end.</summary>
    public static Gen<MarbleDiagram> Diagram { get; } = Of(new MarbleShape());

    /// <summary>Diagrams of a shape.</summary>
    /// <param name="shape">What they are made of.</param>
    /// <returns>For <c>Sample</c>, or for what is composed of them.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="shape"/> is null.</exception>
    public static Gen<MarbleDiagram> Of(MarbleShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var value = Gen.Select(Gen.Int[0, shape.LongestGap], Gen.Int[0, shape.Names.Length - 1]);
        return Gen.Select(value.Array[0, shape.MostValues], Gen.Int[0, 2], Gen.Int[0, shape.LongestGap], (values, end, gap) => shape.Make(values, end, gap));
    }
}
