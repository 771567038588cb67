namespace Diesel.Reactive.Testing;

/// <summary>A source of a test's, whatever its values.</summary>
internal interface IMarbleSource
{
    /// <summary>Its diagram under its name.</summary>
    MarbleRow Row { get; }

    /// <summary>Whether it may have had a part in what happened.</summary>
    bool IsUsed { get; }

    /// <summary>What it will be recorded as where it is a value of another stream.</summary>
    /// <typeparam name="T">Its values as that stream declares them.</typeparam>
    Recording<T> AsInner<T>();
}
