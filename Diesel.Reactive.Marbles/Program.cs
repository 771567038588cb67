using Diesel.Reactive.Marbles;

return new MarblesTool(Console.Out, Console.Error).Run(args);
