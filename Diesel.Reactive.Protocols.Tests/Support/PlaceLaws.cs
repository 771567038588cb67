namespace Diesel.Reactive.Tests;

/// <summary>Laws that hold wherever something is kept.</summary>
public abstract class PlaceLaws<TPlace>
    where TPlace : SharedPlace, new()
{
    protected static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    private protected TPlace Place { get; private set; } = null!;

    private protected Hub Hub => Place.Hub;

    [SetUp]
    public void Begin() => Place = new TPlace();

    [TearDown]
    public void End() => Place.Dispose();

    /// <summary>What it failed with.</summary>
    private protected static async Task<Exception?> Failure<T>(Awaitable<T> asked)
    {
        try
        {
            await asked;
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }
}
