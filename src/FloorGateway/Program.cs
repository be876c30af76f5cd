return await FloorGateway.Cli.CommandLineEntry.RunAsync(args);
