Console.WriteLine("see docs/benchmarks.md");
