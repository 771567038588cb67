namespace Diesel.Reactive.Testing;

/// <summary>What is asked of a set.</summary>
/// <typeparam name="T">The items.</typeparam>
/// <param name="Act">What to do.</param>
/// <param name="Item">With which item.</param>
public sealed record SetCall<T>(SetAct Act, T Item)
{
    /// <summary>In a few words, for a picture.</summary>
    public override string ToString() => $"{Act switch { SetAct.Add => '+', SetAct.Remove => '-', _ => '?' }}{Item}";
}

/// <summary>What can be done with a set.</summary>
public enum SetAct
{
    /// <summary>Adds an item.</summary>
    Add,

    /// <summary>Removes an item.</summary>
    Remove,

    /// <summary>Asks whether an item is there.</summary>
    Contains,
}
