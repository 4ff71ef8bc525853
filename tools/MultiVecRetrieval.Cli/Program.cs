Console.Error.WriteLine("mvr");
return 1;
