namespace Diesel.Reactive.Tests;

/// <summary>What <see cref="RoomTests"/> sees, shown on a house of three files.</summary>
public class RoomPlanTests
{
    private const string Top = """
        class T
        {
            public static T operator +(T one, T other) => one;
        }

        static class Make
        {
            public static T One() => new();
            public static string? Double(this string? text) => text + text;
        }
        """;

    private static readonly RoomPlan Plan = new("Top", "Left | Right");

    [TestCase("Left", "class L { T? t; }", "House/Left/L.cs:1: T: Left → Top", true)]
    [TestCase("Left", "class L\n{\n    object O => Make.One();\n}", "House/Left/L.cs:3: Make.One(): Left → Top", true)]
    [TestCase("Left", "class L\n{\n    object? O(T t) => t.ToString().Double();\n}", "House/Left/L.cs:3: Make.Double(string?): Left → Top", true)]
    [TestCase("Left", "class L\n{\n    object O(T t) => t + t;\n}", "House/Left/L.cs:3: T.operator +(T, T): Left → Top", true)]
    [TestCase("Left", "class L { R? r; }", "House/Left/L.cs:1: R: Left → Right", false)]
    [TestCase("Top", "class L { R? r; }", "House/Top/L.cs:1: R: Top → Right", false)]
    [TestCase("Cellar", "class L { R? r; }", "House/Cellar/L.cs:1: R: Cellar → Right", false)]
    public void Names_lead_to_the_room_they_are_declared_in(string room, string code, string use, bool allowed)
    {
        var found = House(room, code).Uses.Single(each => each.ToString() == use);
        Assert.That(Plan.Allows(found), Is.EqualTo(allowed));
    }

    [TestCase("class L { int Top; /* T */ string R => nameof(Top); }")]
    [TestCase("/// <summary><see cref=\"T\"/></summary>\nclass L;")]
    public void A_name_alone_is_no_use(string code) => Assert.That(House("Left", code).Uses, Is.Empty);

    [Test]
    public void Is_drawn_with_a_column_for_each_room_that_may_be_known() =>
        Assert.That(Plan.Draw(House("Right", "class L { T? t; }")), Is.EqualTo("          1  2\n 1 Top    \\\n 2 Right  +  \\"));

    private static Rooms House(string room, string code) => new("House",
    [
        Compiled.Parse(Top, "House/Top/T.cs"),
        Compiled.Parse("class R;", "House/Right/R.cs"),
        Compiled.Parse(code, $"House/{room}/L.cs"),
    ]);
}
