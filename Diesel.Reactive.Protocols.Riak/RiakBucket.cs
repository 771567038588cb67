namespace Diesel.Reactive.Protocols.Riak;

/// <summary>Where keys are: a bucket, of a type or of the default one. A text is a bucket of the default type.</summary>
/// <param name="Name">The bucket.</param>
/// <param name="Type">Its type; null: the default one.</param>
public readonly record struct RiakBucket(Bytes Name, Bytes? Type = null)
{
    /// <summary>A bucket of the default type.</summary>
    /// <param name="name">The bucket.</param>
    public static implicit operator RiakBucket(string name) => new(name);

    /// <summary>A bucket of the default type.</summary>
    /// <param name="name">The bucket.</param>
    public static implicit operator RiakBucket(Bytes name) => new(name);

    /// <summary>A bucket of a type.</summary>
    /// <param name="bucket">First the type.</param>
    public static implicit operator RiakBucket((string Type, string Name) bucket) => new(bucket.Name, (Bytes)bucket.Type);

    /// <summary>The bucket as errors show it.</summary>
    public override string ToString() => Type is { } type ? $"{type}/{Name}" : $"{Name}";
}
