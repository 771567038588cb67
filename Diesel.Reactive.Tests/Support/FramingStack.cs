namespace Diesel.Reactive.Tests;

/// <summary>Runs code where recursion would soon be noticed.</summary>
internal static class FramingStack
{
    public static void OnSmall(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Run(action), maxStackSize: 512 * 1024);
        thread.Start();
        thread.Join();
        Assert.That(failure, Is.Null);
    }

    private static Exception? Run(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }
}
