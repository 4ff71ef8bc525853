Console.Error.WriteLine("mvr-eval");
return 1;
