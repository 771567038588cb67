namespace Diesel.Reactive.Tests;

/// <summary>The namespaces that code of ours sees without saying so: programs and blocks of the documents.</summary>
internal static class GlobalUsings
{
    /// <summary>What a project with implicit usings sees in each of its files.</summary>
    public static readonly string Implicit =
        Of("System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks");

    /// <summary>These, each on a line.</summary>
    public static string Of(params IEnumerable<string> spaces) => string.Concat(spaces.Select(static space => $"global using {space};\n"));
}
