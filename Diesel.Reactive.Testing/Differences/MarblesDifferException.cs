namespace Diesel.Reactive.Testing;

/// <summary>What a test expected is not what happened.</summary>
/// <remarks>The message holds the reports, one below the other; their rows are there to be drawn.</remarks>
public sealed class MarblesDifferException : Exception
{
    /// <summary>Makes the error of all expectations that were not met.</summary>
    /// <param name="reports">At least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public MarblesDifferException(params IReadOnlyList<MarbleReport> reports)
        : base(Joined(reports, report => report.Text)) => Reports = reports;

    /// <summary>What differs, one for each expectation.</summary>
    public IReadOnlyList<MarbleReport> Reports { get; }

    /// <summary>The message with nothing left out, for an attachment of the test's result; made when it is asked for.</summary>
    public string FullText => Joined(Reports, report => report.FullText);

    private static string Joined(IReadOnlyList<MarbleReport> reports, Func<MarbleReport, string> text)
    {
        ArgumentNullException.ThrowIfNull(reports);
        if (reports.Count == 0) throw new ArgumentException("There is no report: nothing differs.", nameof(reports));
        return string.Join(Environment.NewLine + Environment.NewLine, reports.Select(text));
    }
}
