using FloorGateway.OpcUa.Security;

namespace FloorGateway.OpcUa.Tests.Security;

public class KeyDerivationTests
{
    // The known answer for TLS 1.2's P_SHA256 that implementers exchange; label and seed are joined.
    [Fact]
    public void Gives_the_known_answer()
    {
        var secret = Convert.FromHexString("9BBE436BA940F017B17652849A71DB35");
        byte[] seed = [.. "test label"u8, .. Convert.FromHexString("A0BA9F936CDA311827A6F796FFD5198C")];
        var expected = Convert.FromHexString(
            "E3F229BA727BE17B8D122620557CD453C2AAB21D07C3D495329B52D4E61EDB5A6B301791E90D35C9C9A46B4E14BAF9AF0FA022F7077DEF17ABFD3797C0564BAB4FBC91666E9DEF9B97FCE34F796789BAA48082D122EE42C5A72E5A5110FFF70187347B66");
        var actual = new byte[expected.Length];
        KeyDerivation.PSha256(secret, seed, actual);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(actual));
    }

    [Fact]
    public void A_shorter_key_is_the_beginning_of_a_longer_one()
    {
        var longer = new byte[100];
        KeyDerivation.PSha256([1, 2, 3], [4, 5], longer);
        for (var length = 0; length < longer.Length; length++)
        {
            var shorter = new byte[length];
            KeyDerivation.PSha256([1, 2, 3], [4, 5], shorter);
            Assert.Equal(longer[..length], shorter);
        }
    }
}
