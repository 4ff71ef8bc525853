Console.Error.WriteLine("benchmarks");
return 1;
