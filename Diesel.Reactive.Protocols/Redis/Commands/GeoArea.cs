namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Where <c>GeoSearch</c> looks.</summary>
public readonly record struct GeoArea
{
    private readonly Bytes[]? _words;

    private GeoArea(Bytes[] words, GeoUnit unit) => (_words, Unit) = (words, unit);

    /// <summary>The unit of its lengths, and of the distances that are found.</summary>
    public GeoUnit Unit { get; }

    /// <summary>A circle around a place.</summary>
    /// <param name="center">Where.</param>
    /// <param name="radius">How far.</param>
    /// <param name="unit">Of lengths.</param>
    /// <returns>The area.</returns>
    public static GeoArea Circle(GeoPosition center, double radius, GeoUnit unit = GeoUnit.Meters) => new([.. At(center), "BYRADIUS", radius, unit.Word()], unit);

    /// <summary>A circle around a member.</summary>
    /// <param name="center">Which; one that is missing is the server's error.</param>
    /// <param name="radius">How far.</param>
    /// <param name="unit">Of lengths.</param>
    /// <returns>The area.</returns>
    public static GeoArea Circle(Bytes center, double radius, GeoUnit unit = GeoUnit.Meters) => new(["FROMMEMBER", center, "BYRADIUS", radius, unit.Word()], unit);

    /// <summary>A box around a place.</summary>
    /// <param name="center">Where.</param>
    /// <param name="width">From west to east.</param>
    /// <param name="height">From north to south.</param>
    /// <param name="unit">Of lengths.</param>
    /// <returns>The area.</returns>
    public static GeoArea Box(GeoPosition center, double width, double height, GeoUnit unit = GeoUnit.Meters) => new([.. At(center), "BYBOX", width, height, unit.Word()], unit);

    /// <summary>A box around a member.</summary>
    /// <param name="center">Which; one that is missing is the server's error.</param>
    /// <param name="width">From west to east.</param>
    /// <param name="height">From north to south.</param>
    /// <param name="unit">Of lengths.</param>
    /// <returns>The area.</returns>
    public static GeoArea Box(Bytes center, double width, double height, GeoUnit unit = GeoUnit.Meters) =>
        new(["FROMMEMBER", center, "BYBOX", width, height, unit.Word()], unit);

    /// <exception cref="ArgumentException">It was made without a circle or a box.</exception>
    internal Bytes[] Words() => _words ?? throw new ArgumentException("An area is a circle or a box.");

    private static Bytes[] At(GeoPosition center) => ["FROMLONLAT", center.Longitude, center.Latitude];
}
