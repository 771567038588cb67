namespace Diesel.Reactive.Testing;

/// <summary>Runs the cases of <c>.marble</c> files as tests.</summary>
public static class MarbleCaseExtensions
{
    /// <summary>Runs the case as a test whose result is compared with the only <c>expect</c>, <c>frames</c> or <c>tx</c> row.</summary>
    /// <typeparam name="T">The result's values: bytes are compared as bytes, all else by its spelling.</typeparam>
    /// <param name="marble">The case.</param>
    /// <param name="operation">Gets the rows by name, and gives what the operator under test makes of the sources.</param>
    /// <param name="spell">What the file calls a value; null: a text as it is, a number as in code, a date or time of day as ISO 8601
    /// has it, all else by its own <c>ToString</c>.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="marble"/> or <paramref name="operation"/> is null.</exception>
    /// <exception cref="MarbleCaseFailedException">What came is not what the file expects.</exception>
    /// <exception cref="InvalidOperationException">The test leaves out a row of the case, or asks for one that is not there.</exception>
    /// <remarks>With the environment variable <c>MARBLES_UPDATE=1</c> the file's rows are rewritten to what came.</remarks>
    public static void Run<T>(
        this MarbleCase marble, Func<MarbleCaseRun, IObservable<T>> operation, Func<T, string>? spell = null, MarbleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(marble);
        ArgumentNullException.ThrowIfNull(operation);
        marble.Run(run => run.ExpectRest(operation(run), spell), options);
    }

    /// <summary>Runs the case as a test that says itself what is compared with which row.</summary>
    /// <param name="marble">The case.</param>
    /// <param name="body">Gets the rows by name, and says <see cref="MarbleCaseRun.Expect{T}"/>.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="marble"/> or <paramref name="body"/> is null.</exception>
    /// <exception cref="MarbleCaseFailedException">What came is not what the file expects.</exception>
    /// <exception cref="InvalidOperationException">The test leaves out a row of the case, or asks for one that is not there.</exception>
    /// <remarks>With the environment variable <c>MARBLES_UPDATE=1</c> the file's rows are rewritten to what came.</remarks>
    public static void Run(this MarbleCase marble, Action<MarbleCaseRun> body, MarbleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(marble);
        ArgumentNullException.ThrowIfNull(body);
        try
        {
            MarbleCaseRun.Execute(marble, body, options);
        }
        catch (MarbleCaseFailedException failed) when (MarbleUpdate.IsWanted)
        {
            // What is left then differs by more than what came: in its subscriptions, or its error.
            MarbleCaseRun.Execute(MarbleFileUpdate.Write(failed), body, options);
        }
    }
}
