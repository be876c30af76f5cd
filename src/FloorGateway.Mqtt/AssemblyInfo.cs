using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("FloorGateway.Mqtt.Tests")]
