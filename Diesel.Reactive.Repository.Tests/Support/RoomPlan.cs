namespace Diesel.Reactive.Tests;

/// <summary>Which rooms a room may know: those above it.</summary>
/// <param name="Floors">From the top; the rooms of one floor, parted by <c>|</c>, do not know each other. A room of the plan need not
/// be there yet.</param>
internal sealed record RoomPlan(params IReadOnlyList<string> Floors)
{
    private readonly string[][] _floors = [.. Floors.Select(floor => floor.Split('|', StringSplitOptions.TrimEntries))];

    /// <summary>The rooms, from the top.</summary>
    public IEnumerable<string> Rooms => _floors.SelectMany(floor => floor);

    public bool Allows(RoomUse use) => FloorOf(use.To) < FloorOf(use.From);

    /// <summary>Draws who knows whom: a line for each room, a column for each it may know.</summary>
    public string Draw(Rooms rooms)
    {
        string[] shown = [.. Rooms.Where(rooms.Names.Contains)];
        var width = shown.Max(room => room.Length);
        var known = rooms.Uses.Select(use => (use.From, use.To)).ToHashSet();
        return string.Join('\n', shown.Select((from, row) =>
                Line($"{row + 1,2}", from, shown.Select((to, column) => known.Contains((from, to)) ? "+" : column < row ? "·" : column == row ? "\\" : "")))
            .Prepend(Line("  ", "", shown.Select((_, column) => $"{column + 1}"))));

        string Line(string number, string room, IEnumerable<string> cells) =>
            $"{number} {room.PadRight(width)}{string.Concat(cells.Select(cell => cell.PadLeft(3)))}".TrimEnd();
    }

    private int FloorOf(string room) => Array.FindIndex(_floors, floor => floor.Contains(room));
}
