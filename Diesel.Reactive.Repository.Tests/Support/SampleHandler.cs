using System.Reflection;

namespace Diesel.Reactive.Tests;

/// <summary>A handler of a sample, a static local function there, to be run by a test in any way.</summary>
internal static class SampleHandler
{
    public static async Task<THandler> Of<THandler>(string sample, string function)
        where THandler : Delegate
    {
        var program = Assembly.LoadFrom(await SampleBuild.Of(sample)).EntryPoint!.DeclaringType!;
        var method = program.GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
            .Single(candidate => candidate.Name.Contains($">g__{function}|", StringComparison.Ordinal));
        return method.CreateDelegate<THandler>();
    }
}
