namespace Diesel.Reactive;

/// <summary>A pool, whatever it is of, as one sees it from outside.</summary>
internal interface IPoolView
{
    Hub Hub { get; }

    string Name { get; }

    PoolCounts Counts { get; }
}
