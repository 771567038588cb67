using Diesel.Reactive.Benchmarks;
using Diesel.Reactive.Benchmarks.Harness;

var name = args.FirstOrDefault("help");
try
{
    return Command.Find(name).Run([.. args.Skip(1)]);
}
catch (UsageException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
catch (NoResultException error)
{
    Console.Error.WriteLine($"{name}: {error.Message}");
    return 1;
}
