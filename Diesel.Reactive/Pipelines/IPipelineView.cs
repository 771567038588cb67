namespace Diesel.Reactive;

/// <summary>A pipeline, whatever its replies are, as one sees it from outside.</summary>
internal interface IPipelineView
{
    Connection Connection { get; }

    PipelineCounts Counts { get; }

    /// <summary>The call at the head of the line, as errors show it; null: there is none.</summary>
    string? Head { get; }
}
