namespace Diesel.Reactive.Testing;

/// <summary>A recording of any type, as a row of a picture.</summary>
internal interface ISimulationRow
{
    MarbleRow Row { get; }

    Exception? Error { get; }

    void Leave();
}
