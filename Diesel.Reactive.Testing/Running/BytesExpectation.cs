using System.Reactive;

namespace Diesel.Reactive.Testing;

/// <summary>Which bytes a test expects, and when; not in which chunks.</summary>
/// <remarks>What is told at one instant counts as one chunk: <c>'ab'</c> is <c>[ab]</c>.</remarks>
public sealed class BytesExpectation : IExpectation
{
    private readonly MarbleRun _run;
    private readonly Observation<ReadOnlyMemory<byte>> _actual;
    private Recording<ReadOnlyMemory<byte>>? _expected;
    private Predicate<Exception>? _error;

    internal BytesExpectation(MarbleRun run, Observation<ReadOnlyMemory<byte>> actual) => (_run, _actual) = (run, actual);

    /// <summary>Says which errors <c>#</c> stands for; else one of the same type and message as that of the diagram.</summary>
    /// <param name="isExpected">Whether an error is one of them.</param>
    /// <returns>This expectation.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="isExpected"/> is null.</exception>
    public BytesExpectation WithError(Predicate<Exception> isExpected)
    {
        ArgumentNullException.ThrowIfNull(isExpected);
        _error = isExpected;
        return this;
    }

    /// <summary>These bytes shall come at these instants.</summary>
    /// <param name="marbles">Names and texts are their bytes in UTF-8.</param>
    /// <param name="error">What <c>#</c> stands for; null: a <see cref="MarbleException"/>.</param>
    /// <exception cref="MarbleSyntaxException">The diagram breaks the rules.</exception>
    public void ToBe(string marbles, Exception? error = null)
    {
        var diagram = _run.Parse(marbles, MarbleRole.Expected);
        if (diagram.Events.FirstOrDefault(told => told.AnyOrder > 0) is { } any)
        {
            throw new MarbleSyntaxException(marbles, any.Column, "Bytes of one instant are one chunk here, in their order: write '[ ]' for '{ }'.");
        }

        _expected = _expected is null ? new MarbleValues<ReadOnlyMemory<byte>>([], error).Resolve(diagram)
            : throw new InvalidOperationException($"What {_actual.Title} shall be was said before: observe it again to expect something else.");
    }

    MarbleReport? IExpectation.Judge() => _error is not null && _expected?.All(told => told.Notification.Kind != NotificationKind.OnError) == true
        ? MarbleRun.Failure($"{_actual.Title} is expected WithError, which says what # stands for, but no # is expected of it.", _actual.Place)
        : _expected is null ? MarbleRun.Failure($"{_actual.Title} is observed but nothing is expected of it: say .ToBe(...).", _actual.Place)
        : JoinedBytes.Compare(_actual.Title, _actual.Place, _expected, _actual.Recording, _error, _run.Rows);

    MarbleRow? IExpectation.Row() => _actual.Row;
}
