using Diesel.Reactive.Tests;

// Runs fixtures without a test host: see FixtureRun.
if (args is ["run", .. var words])
{
    return FixtureRun.Of(typeof(HubRunTests).Assembly, words);
}

Console.Error.WriteLine("This program is the tests: dotnet test");
return 1;
