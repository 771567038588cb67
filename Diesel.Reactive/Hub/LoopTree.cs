using System.Text;

namespace Diesel.Reactive;

/// <summary>The loops of a hub as they were at one time.</summary>
/// <param name="Roots">Those that were forked without a parent and have not ended, by name.</param>
/// <remarks>The loops of handlers belong to their connections, and are not among them.</remarks>
public sealed record LoopTree(IReadOnlyList<LoopStatus> Roots)
{
    /// <summary>All loops.</summary>
    /// <returns>A parent comes before its children.</returns>
    public IEnumerable<LoopStatus> All() => Roots.SelectMany(static root => root.All());

    /// <summary>A line for each loop, children indented.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var root in Roots)
        {
            root.WriteTo(text, "", "");
        }

        return text.ToString().TrimEnd('\n');
    }
}
