namespace Diesel.Reactive.Tests;

/// <summary>Ways to cut a stream of bytes into chunks: of so many bytes that are there, a chunk takes …</summary>
internal static class Cuts
{
    public static int Whole(int there) => there;

    public static int Bytewise(int there) => Math.Min(there, 1);

    public static Func<int, int> Random(int seed)
    {
        var random = new Random(seed);
        return there => random.Next(1, Math.Min(there, 1 + random.Next(1, 40)) + 1);
    }

    public static Func<int, int>[] All(int seed) => [Whole, Bytewise, Random(seed)];
}
