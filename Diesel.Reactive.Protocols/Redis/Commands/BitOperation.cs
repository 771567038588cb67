namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What is done with the bits of values.</summary>
public enum BitOperation
{
    /// <summary>Those that are set in all.</summary>
    And,

    /// <summary>Those that are set in any.</summary>
    Or,

    /// <summary>Those that are set in an odd number.</summary>
    Xor,

    /// <summary>Those that are not set; of one value.</summary>
    Not,
}
