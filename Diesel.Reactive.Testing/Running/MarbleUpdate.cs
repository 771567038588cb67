namespace Diesel.Reactive.Testing;

/// <summary>Whether what a test expects is rewritten to what came.</summary>
internal static class MarbleUpdate
{
    public static bool IsWanted => Environment.GetEnvironmentVariable("MARBLES_UPDATE") == "1";
}
