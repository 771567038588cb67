using System.Text.Json;
using System.Text.Json.Serialization;
using Diesel.Reactive.Protocols;

namespace Diesel.Reactive.Tests;

public partial class ValueCodecTests
{
    [Test]
    public void Bytes_stay_what_they_are() => Assert.That(Again(ValueCodec.Bytes, new byte[] { 0, 255 }), Is.EqualTo((Bytes)new byte[] { 0, 255 }));

    [Test]
    public void Text_is_utf8() =>
        Assert.That((ValueCodec.Text.Encode("é").Span.ToArray(), Again(ValueCodec.Text, "é€")), Is.EqualTo((new byte[] { 0xc3, 0xa9 }, "é€")));

    [Test]
    public void Values_are_json() =>
        Assert.That((ValueCodec.Json<Point>().Encode(new(1, 2)).ToText(), Again(ValueCodec.Json<Point>(), new(1, 2))), Is.EqualTo(("{\"X\":1,\"Y\":2}", new Point(1, 2))));

    [Test]
    public void Values_are_json_as_the_options_say() =>
        Assert.That(ValueCodec.Json<Point>(new JsonSerializerOptions(JsonSerializerDefaults.Web)).Encode(new(1, 2)).ToText(), Is.EqualTo("{\"x\":1,\"y\":2}"));

    [Test]
    public void Values_are_json_by_generated_code() => Assert.That(Again(ValueCodec.Json(Points.Default.Point), new(1, 2)), Is.EqualTo(new Point(1, 2)));

    [Test]
    public void What_is_no_json_is_the_callers_error() =>
        Assert.That(() => ValueCodec.Json<Point>().Read("{"u8.ToArray()), Throws.InstanceOf<JsonException>());

    private static T Again<T>(IValueCodec<T> codec, T value) => codec.Read(codec.Encode(value));

    public sealed record Point(int X, int Y);

    [JsonSerializable(typeof(Point))]
    internal sealed partial class Points : JsonSerializerContext;
}
