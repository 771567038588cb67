namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>What an answer of the binary protocol says.</summary>
internal enum BinaryStatus : ushort
{
    Ok = 0,
    KeyNotFound = 1,
    KeyExists = 2,
    TooLarge = 3,
    InvalidArguments = 4,
    NotStored = 5,
    NotNumeric = 6,
    UnknownCommand = 0x81,
}
