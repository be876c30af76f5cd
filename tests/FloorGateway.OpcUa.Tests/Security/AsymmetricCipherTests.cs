using System.Security.Cryptography;
using FloorGateway.OpcUa.Security;

namespace FloorGateway.OpcUa.Tests.Security;

public class AsymmetricCipherTests
{
    private static readonly RSA Key = RSA.Create(2048);

    public static TheoryData<string> Policies => [.. SecurityPolicy.All.Where(p => !p.IsNone).Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Policies))]
    public void Encrypts_any_number_of_blocks(string name)
    {
        var policy = SecurityPolicy.FindByName(name)!;
        var block = AsymmetricCipher.PlainBlockLength(policy, Key);
        foreach (var length in (int[])[1, block - 1, block, block + 1, (3 * block) - 1, 3 * block])
        {
            var plain = RandomNumberGenerator.GetBytes(length);
            var cipher = new byte[AsymmetricCipher.EncryptedLength(policy, Key, length)];
            Assert.Equal(cipher.Length, AsymmetricCipher.Encrypt(policy, Key, plain, cipher));
            var back = new byte[cipher.Length];
            Assert.True(AsymmetricCipher.TryDecrypt(policy, Key, cipher, back, out var written));
            Assert.Equal(plain, back[..written]);
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Refuses_cipher_text_of_the_wrong_length_or_content(string name)
    {
        var policy = SecurityPolicy.FindByName(name)!;
        var cipher = new byte[256];
        AsymmetricCipher.Encrypt(policy, Key, [1, 2, 3], cipher);
        var back = new byte[256];
        Assert.False(AsymmetricCipher.TryDecrypt(policy, Key, cipher.AsSpan(1), back, out _));
        Assert.False(AsymmetricCipher.TryDecrypt(policy, Key, [], back, out _));
        cipher[17] ^= 1;
        Assert.False(AsymmetricCipher.TryDecrypt(policy, Key, cipher, back, out _));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Verifies_only_what_was_signed(string name)
    {
        var policy = SecurityPolicy.FindByName(name)!;
        byte[] data = [1, 2, 3, 4];
        var signature = new byte[AsymmetricCipher.BlockLength(Key)];
        Assert.Equal(signature.Length, AsymmetricCipher.Sign(policy, Key, data, signature));
        Assert.True(AsymmetricCipher.Verify(policy, Key, data, signature));
        Assert.False(AsymmetricCipher.Verify(policy, Key, [1, 2, 3, 5], signature));
        Assert.False(AsymmetricCipher.Verify(policy, Key, data, signature.AsSpan(1)));
        signature[0] ^= 1;
        Assert.False(AsymmetricCipher.Verify(policy, Key, data, signature));
    }
}
