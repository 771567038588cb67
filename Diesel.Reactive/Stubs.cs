namespace Diesel.Reactive;
public sealed class Application {}
