[assembly: Diesel.Reactive.Tests.SelectableNames]
