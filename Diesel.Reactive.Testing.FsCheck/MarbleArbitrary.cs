using FsCheck;

namespace Diesel.Reactive.Testing;

/// <summary>Random diagrams where FsCheck looks for them: <c>[Property(Arbitrary = [typeof(MarbleArbitrary)])]</c> lets a property take a
/// <see cref="MarbleDiagram"/>.</summary>
public static class MarbleArbitrary
{
    /// <summary>Diagrams of the usual shape: up to eight of the values <c>a</c>, <c>b</c> and <c>c</c>, and any end.</summary>
    public static Arbitrary<MarbleDiagram> Diagrams() => MarbleShapes.Arbitrary(new MarbleShape());
}
