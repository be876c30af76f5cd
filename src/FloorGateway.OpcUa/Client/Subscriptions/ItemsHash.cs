using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>A number that changes when any monitored item does.</summary>
internal static class ItemsHash
{
    public static ulong Of(IReadOnlyList<MonitoredItemSettings> items)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var item in items)
        {
            // The record's text form lists every setting.
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{item}\n")));
        }

        return BitConverter.ToUInt64(hash.GetHashAndReset());
    }
}
