using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Testing;

/// <summary>The colours and fonts of all pictures, for light and dark pages.</summary>
internal static class PictureStyle
{
    public const string Css = """
        svg{--ink:#1f2328;--soft:#656d76;--line:#8c959f;--faint:#d8dee4;--panel:#f6f8fa;--edge:#afb8c1;--bad:#cf222e;
            --fs:66%;--fl:87%;--es:38%;--el:46%;--gl:95%}
        @media (prefers-color-scheme:dark){svg{--ink:#e6edf3;--soft:#8d96a0;--line:#6e7681;--faint:#30363d;--panel:#161b22;--edge:#484f58;--bad:#ff7b72;
            --fs:34%;--fl:25%;--es:44%;--el:60%;--gl:13%}}
        text{fill:var(--ink);font-family:system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;font-size:15px}
        .title{font-size:16px;font-weight:600}.label{font-size:14px}
        .small{font-size:11px;fill:var(--soft)}.remark{font-size:13px;font-style:italic;fill:var(--soft)}
        .code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:13px}
        .operation{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:14px}
        .mid{text-anchor:middle}.end{text-anchor:end}
        .axis,.cut,.head{fill:none;stroke:var(--line);stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
        .inner{stroke:var(--line);stroke-width:1.2;stroke-dasharray:1 3;stroke-linecap:round}
        .guide{stroke:var(--faint);stroke-width:1.2;stroke-dasharray:2 4}
        .marble{fill:hsl(var(--h) var(--fs) var(--fl));stroke:hsl(var(--h) var(--es) var(--el));stroke-width:1.4}
        .done{stroke:var(--ink);stroke-width:2.6;stroke-linecap:round}
        .fail{fill:none;stroke:var(--bad);stroke-width:2.6;stroke-linecap:round}.failed{font-size:12px;fill:var(--bad)}
        .leave{fill:none;stroke:var(--soft);stroke-width:2;stroke-linecap:round}.enter{fill:var(--soft)}
        .span{stroke:var(--soft);stroke-width:3;stroke-linecap:round;opacity:.55}
        .operator{fill:var(--panel);stroke:var(--edge);stroke-width:1.2}
        .link{fill:none;stroke:var(--soft);stroke-width:1.4}.dashed{stroke-dasharray:4 3}
        .ghost{opacity:.5}.marble.ghost{opacity:1;--fl:var(--gl);stroke-opacity:.4}
        .missing{fill:none;stroke-dasharray:4 3;stroke:var(--bad)}.marble.missing{fill:var(--panel)}.was{fill:var(--soft)}.ring{fill:none;stroke:var(--bad);stroke-width:2}
        """;

    /// <summary>A value's own colour: the same in every row, picture and run.</summary>
    public static string Hue(string value)
    {
        // Letters that follow each other get hues far from each other: steps of the golden angle.
        var number = 2166136261u;
        foreach (var unit in Encoding.UTF8.GetBytes(value))
        {
            number = (number ^ unit) * 16777619u;
        }

        var place = value.Length == 1 ? value[0] - 'a' + 1.6 : number % 360;
        var hue = ((place * 137.508) % 360 + 360) % 360;
        return $"--h:{((int)hue).ToString(CultureInfo.InvariantCulture)}";
    }
}
