using System.Globalization;
using System.Net;
using System.Text;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>Horizontal bars in groups, as a small SVG that follows the reader's light or dark scheme.</summary>
internal sealed record BarChart(string File, string Title, string Unit, IReadOnlyList<BarGroup> Groups)
{
    const int Width = 720;
    const int Left = 150;
    const int Right = 110;
    const int BarHeight = 16;
    const int BarGap = 4;
    const int GroupGap = 14;
    const int Top = 40;

    const string Style =
        """
          <style>
            :root { --ink: #1f2328; --faint: #656d76; --own: #0969da; --other: #afb8c1; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --faint: #8d96a0; --own: #4493f8; --other: #484f58; } }
            text { font: 12px system-ui, sans-serif; fill: var(--ink); }
            .title { font-weight: 600; font-size: 14px; }
            .faint { fill: var(--faint); }
            .own { fill: var(--own); }
            .other { fill: var(--other); }
          </style>
        """;

    public string ToSvg()
    {
        var svg = new StringBuilder();
        var most = Groups.SelectMany(group => group.Bars).Select(bar => bar.Value).DefaultIfEmpty(1).Max();
        var y = Top;
        foreach (var group in Groups)
        {
            if (group.Label.Length > 0)
            {
                Line(svg, $"""<text x="{Left}" y="{y + 12}" class="faint">{Escaped(group.Label)}</text>""");
                y += BarHeight + BarGap;
            }

            foreach (var bar in group.Bars)
            {
                Bar(svg, bar, IsOwn(group.Label) || IsOwn(bar.Name), y, most);
                y += BarHeight + BarGap;
            }

            y += GroupGap;
        }

        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {y}" width="{Width}" role="img" aria-label="{Escaped(Title)}">
            {Style}
              <text x="12" y="22" class="title">{Escaped(Title)} <tspan class="faint">({Escaped(Unit)})</tspan></text>
            {svg}</svg>

            """.ReplaceLineEndings("\n");
    }

    static bool IsOwn(string name) => name.StartsWith("diesel", StringComparison.Ordinal);

    static void Bar(StringBuilder svg, Bar bar, bool own, int y, double most)
    {
        var width = Math.Max(1, bar.Value / most * (Width - Left - Right));
        var kind = own ? "own" : "other";
        var length = width.ToString("0.#", CultureInfo.InvariantCulture);
        var end = (Left + width + 6).ToString("0.#", CultureInfo.InvariantCulture);
        Line(svg, $"""<text x="{Left - 8}" y="{y + 12}" text-anchor="end">{Escaped(bar.Name)}</text>""");
        Line(svg, $"""<rect x="{Left}" y="{y}" width="{length}" height="{BarHeight}" rx="2" class="{kind}"/>""");
        Line(svg, $"""<text x="{end}" y="{y + 12}">{Number.Text(bar.Value)}</text>""");
    }

    static void Line(StringBuilder svg, string element) => svg.Append("  ").Append(element).Append('\n');

    static string Escaped(string text) => WebUtility.HtmlEncode(text);
}

internal sealed record BarGroup(string Label, IReadOnlyList<Bar> Bars)
{
    /// <summary>Leaves out what was not measured.</summary>
    public static BarGroup Of(string label, IEnumerable<(string Name, double? Value)> bars) =>
        new(label, [.. from bar in bars where bar.Value is not null select new Bar(bar.Name, bar.Value!.Value)]);
}

internal sealed record Bar(string Name, double Value);
